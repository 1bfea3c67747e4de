"""Another SECRET_KEY: what lies sealed is sealed anew, what is lost is said, and the last admin gets in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import models
from django.db.models.functions import Cast
from django.urls import reverse

from hub.operations import invariants
from hub.operations.jobs import seal_anew as seal_anew_job
from school.models import JoinRequest
from tests.conftest import PASSWORD
from tests.volunteers.registries.test_retention import tables
from tests.volunteers.sign_in_steps import LOGIN, posted, with_mail
from volunteers.models import Letter, User
from volunteers.shared.rate_limits import RateLimit
from volunteers.shared.registries import sealed
from volunteers.shared.registries.sealed import find_sealed_columns
from volunteers.shared.sealing import Age, find_age, seal

STEP = "/accounts/2fa/authenticate/"
LOST = "We can no longer read your second step: the hub’s secret key has"
SEALED = re.compile(r"[A-Za-z0-9_-]{38,}={0,2}")
PURPOSES = ("second step", "letter", "session", "school.join", "rate limit", "link")


@pytest.fixture
def change_key(settings):
    """Another key, with the one before it to fall back on or without."""

    def change(*, keep):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
        settings.SECRET_KEY = "another one, long enough for anybody who asks about it"

    return change


@pytest.fixture
def everything_sealed(client, sign_in, admin, coordinator, with_app):
    """One of everything that lies sealed."""
    with_app(admin)
    RecoveryCodes.activate(admin)
    Authenticator.objects.create(
        user=coordinator,
        type="recovery_codes",
        data={"migrated_codes": [seal("11111111", purpose="second step"), seal("22222222", purpose="second step")]},
    )
    Letter.post(to="robin@example.org", text="Hello")
    client.post("/school/join/", {"name": "Sam", "email": "sam@example.org"})
    sign_in(client, coordinator)


def ages():
    return {age for entry in find_sealed_columns() for _pk, value in entry.rows() for age in [entry.age(value)]}


def enter(client, name="robin", password=PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


# --- The key before it is still there


def test_every_sealed_column_is_registered(everything_sealed):
    """Whatever looks sealed, in any text or JSON of any table, opens for a purpose and is known to the registry."""
    found = set()
    for model in tables():
        for field in model._meta.local_concrete_fields:  # noqa: SLF001 -- Django's own public name for it
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                texts = " ".join(map(str, model.objects.values_list(Cast(field.name, models.TextField()), flat=True)))
                if any(find_age(text, purpose=of) != Age.LOST for text in SEALED.findall(texts) for of in PURPOSES):
                    found.add((model, field.name))

    registered = {(entry.model, entry.column) for entry in find_sealed_columns()}
    assert found == registered | {(RateLimit, "sealed")}
    assert all(sealed.knows(*where) for where in found)


def test_command_seals_everything_anew(everything_sealed, change_key, capsys, settings):
    change_key(keep=True)
    assert ages() == {Age.EARLIER}

    call_command("seal_anew")

    assert ages() == {Age.CURRENT}
    assert (
        "second steps: 3 with the key of now, 0 with an earlier one, 0 that nobody can read" in capsys.readouterr().out
    )
    settings.SECRET_KEY_FALLBACKS = []
    assert ages() == {Age.CURRENT}
    assert list(invariants.find_broken("sealed_can_be_read")) == []


def test_job_seals_everything_anew(everything_sealed, change_key):
    change_key(keep=True)

    seal_anew_job(0)

    assert ages() == {Age.CURRENT}


def test_second_step_is_sealed_anew_by_use(client, admin, with_app, change_key):
    code = with_app(admin)
    change_key(keep=True)
    enter(client)

    assert client.post(STEP, {"code": code()}).headers["Location"] == "/today/"
    assert find_age(Authenticator.objects.get().data["secret"], purpose="second step") == Age.CURRENT


def test_codes_on_paper_are_sealed_anew_by_use(client, admin, with_paper, with_app, change_key):
    with_app(admin)
    paper = with_paper(admin)
    change_key(keep=True)
    enter(client)

    assert client.post(STEP, {"code": paper[0]}).headers["Location"] == "/today/"
    codes = Authenticator.objects.get(type="recovery_codes")
    assert find_age(codes.data["seed"], purpose="second step") == Age.CURRENT
    assert codes.wrap().get_unused_codes() == paper[1:]


def test_session_is_sealed_anew_by_use(client, volunteer, change_key, settings):
    enter(client, "ash")
    change_key(keep=True)
    assert client.get("/people/me/").status_code == 200

    assert find_age(Session.objects.get().session_data, purpose="session") == Age.CURRENT


def test_row_changed_meanwhile_is_left(everything_sealed, change_key):
    change_key(keep=True)
    (entry,) = [entry for entry in find_sealed_columns() if entry.model is Letter]
    ((pk, value), *_others) = entry.rows()
    Letter.objects.filter(pk=pk).update(sealed=seal("another", purpose="letter"))

    assert not entry.seal_anew(pk, value)
    assert find_age(Letter.objects.get(pk=pk).sealed, purpose="letter") == Age.CURRENT


# --- The key before it is lost


@pytest.mark.parametrize("code", ["000000", "not a code"])
def test_lost_second_step_is_a_sentence(client, admin, with_app, with_paper, change_key, code):
    with_app(admin)
    with_paper(admin)
    change_key(keep=False)
    enter(client)

    answer = client.post(STEP, {"code": code})

    assert answer.status_code == 422
    assert LOST in answer.content.decode()
    assert client.get("/people/me/").status_code == 302


def test_step_that_can_be_read_still_opens(client, admin, with_app, change_key):
    with_app(admin)
    change_key(keep=False)
    paper = RecoveryCodes.activate(admin).get_unused_codes()
    enter(client)

    assert client.post(STEP, {"code": paper[0]}).headers["Location"] == "/today/"


@pytest.mark.parametrize(
    "name", ["mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes", "mfa_index"]
)
def test_pages_of_lost_steps_say_so(client, admin, with_app, with_paper, change_key, name):
    with_app(admin)
    with_paper(admin)
    change_key(keep=False)
    client.force_login(admin)
    enter(client)
    Authenticator.objects.filter(type="totp").delete()
    enter(client)

    assert client.get(reverse(name)).status_code in (200, 302, 409)


def test_code_again_is_a_sentence_too(client, volunteer, with_app, change_key, settings):
    code = with_app(volunteer)
    enter(client, "ash")
    client.post(STEP, {"code": code()})
    lost = Authenticator.objects.get()
    lost.data = {"secret": "A" * 64}
    lost.save()

    answer = client.post(reverse("mfa_reauthenticate"), {"code": "000000"})

    assert answer.status_code == 422
    assert LOST in answer.content.decode()


def test_lost_values_are_found_and_told(everything_sealed, change_key, capsys):
    assert list(invariants.find_broken("sealed_can_be_read")) == []
    change_key(keep=False)

    assert [check.name for check in invariants.find_broken()] == ["sealed_can_be_read"]
    with pytest.raises(CommandError, match=r"6 cannot be read: put the key from before into SECRET_KEY_FALLBACKS"):
        call_command("seal_anew")
    assert "letters that have not left: 0 with the key of now, 0 with an earlier one, 2 that" in capsys.readouterr().out


def test_key_put_back_opens_everything(everything_sealed, change_key, settings):
    before = settings.SECRET_KEY
    change_key(keep=False)
    settings.SECRET_KEY_FALLBACKS = [before]

    call_command("seal_anew")

    assert ages() == {Age.CURRENT}
    assert JoinRequest.objects.get().details.email == "sam@example.org"


# --- The way in from the shell


def test_reset_from_shell_lets_last_admin_in(client, admin, with_app, with_paper, change_key, capsys):
    with_app(admin)
    with_paper(admin)
    change_key(keep=False)

    call_command("reset_second_step", "ROBIN")

    assert capsys.readouterr().out.startswith("Robin has no second step any more and is signed out.")
    assert enter(client).headers["Location"] == "/today/"
    assert client.get("/today/").headers["Location"] == "/accounts/2fa/"
    assert list(invariants.find_broken("sealed_can_be_read")) == []


def test_reset_from_shell_is_written_down_and_told(client, sign_in, admin, with_app):
    with_app(admin)
    sign_in(client, admin)
    other = User.objects.create_user("sasha", chosen_name="Sasha", email="sasha@example.org", roles=["admin"])

    call_command("reset_second_step", "robin")

    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(admin.pk), "Second step reset on the server.")
    (letter,) = posted()
    assert letter.to == ["sasha@example.org"]
    assert "second" not in letter.body
    assert client.get("/people/me/").status_code == 302
    assert not Authenticator.objects.exists()
    assert other.has_second_step is False


def test_reset_of_nobody_and_without_password(db, volunteer, capsys):
    with pytest.raises(CommandError, match="Nobody signs in with that name"):
        call_command("reset_second_step", "nobody")
    volunteer.set_unusable_password()
    with_mail(volunteer)

    call_command("reset_second_step", "ash")

    assert "they sign in by a code" in capsys.readouterr().out
