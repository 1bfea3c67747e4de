"""Second steps: asked for by role, kept sealed and without a time, and taken away only by somebody else."""

import datetime as dt

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.urls import reverse

from tests.conftest import PASSWORD
from volunteers.models import Letter, User
from volunteers.shared.refusals import NotAllowed

AUTHENTICATE = "/accounts/2fa/authenticate/"


@pytest.fixture
def second_admin(db):
    return User.objects.create_user("sasha", chosen_name="Sasha", password=PASSWORD, roles=["admin"])


def knock(client, name):
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD})


def test_password_alone_does_not_pass_a_second_step(client, admin, with_app):
    code = with_app(admin)

    assert knock(client, "robin").headers["Location"] == AUTHENTICATE
    assert client.get("/people/me/").status_code == 302
    assert client.post(AUTHENTICATE, {"code": "000000"}).status_code == 422
    assert client.get("/people/me/").status_code == 302

    assert client.post(AUTHENTICATE, {"code": code()}).headers["Location"] == "/today/"
    assert client.get("/people/").status_code == 200


def test_code_by_mail_does_not_pass_it_either(client, admin, with_app, mailoutbox):
    with_app(admin)
    admin.email = "robin@example.org"
    admin.save()
    client.post("/accounts/login/code/", {"email": "robin@example.org"})
    Letter.objects.send_waiting()
    code = mailoutbox[0].body.split("\n\n")[2]

    assert client.post("/accounts/login/code/confirm/", {"code": code}).headers["Location"] == AUTHENTICATE
    assert client.get("/people/me/").status_code == 302


def test_code_on_paper_works_once(client, admin, with_app, with_paper):
    with_app(admin)
    paper = with_paper(admin)
    knock(client, "robin")
    assert client.post(AUTHENTICATE, {"code": paper[0]}).headers["Location"] == "/today/"
    client.post("/accounts/logout/")

    knock(client, "robin")
    assert client.post(AUTHENTICATE, {"code": paper[0]}).status_code == 422
    assert client.post(AUTHENTICATE, {"code": paper[1]}).headers["Location"] == "/today/"


def test_admin_is_not_entered_by_a_password_alone(client, admin, with_app):
    code = with_app(admin)
    asked = client.get("/admin/")
    by_its_own_door = client.post("/admin/login/", {"username": "robin", "password": PASSWORD})

    assert asked.status_code == 302
    assert by_its_own_door.headers["Location"].startswith("/accounts/login/")
    assert client.get("/admin/").status_code == 302

    knock(client, "robin")
    assert client.get("/admin/").status_code == 302
    client.post(AUTHENTICATE, {"code": code()})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", ["admin", "coordinator"])
@pytest.mark.parametrize("path", ["/today/", "/people/", "/people/me/", "/admin/", "/desk/", "/"])
def test_second_step_comes_before_everything(client, sign_in, request, who, path):
    sign_in(client, request.getfixturevalue(who))

    assert client.get(path).headers["Location"] == "/accounts/2fa/"
    assert client.post(path).headers["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize("who", ["trainer", "volunteer", "trainee"])
def test_others_may_do_without(client, sign_in, request, who):
    sign_in(client, request.getfixturevalue(who))

    assert client.get("/people/me/").status_code == 200
    assert client.get("/accounts/2fa/").status_code == 200


def test_coordinator_without_step_reaches_emergency(client, sign_in, coordinator):
    sign_in(client, coordinator)

    assert client.get("/emergency/").status_code == 200
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"


def test_fragment_redirects_whole_to_setup(client, sign_in, coordinator):
    sign_in(client, coordinator)

    answer = client.get("/people/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/accounts/2fa/")


def test_new_role_asks_for_step_at_once(client, sign_in, admin, volunteer):
    sign_in(client, volunteer)
    assert client.get("/people/me/").status_code == 200

    volunteer.give_roles(["coordinator"], by=admin)

    assert client.get("/people/me/").headers["Location"] == "/accounts/2fa/"


def test_setting_up_an_app(client, coordinator):
    knock(client, "mo")
    activate = reverse("mfa_activate_totp")
    assert client.get(activate).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(activate)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    assert "<svg" in page.content.decode()
    assert client.post(activate, {"code": code}).status_code == 302
    assert client.get("/people/").status_code == 200
    assert {step.type for step in Authenticator.objects.all()} == {"totp", "recovery_codes"}


def test_key_counts_and_recovery_codes_alone_not(coordinator, with_key, with_paper):
    with_paper(coordinator)
    assert not User.objects.get(pk=coordinator.pk).has_second_step

    with_key(coordinator)
    assert User.objects.get(pk=coordinator.pk).has_second_step


def test_second_step_row_has_days_only(admin, with_app):
    with_app(admin)
    step = Authenticator.objects.get()
    step.record_usage()
    Authenticator.objects.update(created_at=dt.datetime(2026, 5, 13, 19, 23, 45, tzinfo=dt.UTC))

    step.refresh_from_db()
    times = [moment.astimezone(dt.UTC).time() for moment in (step.created_at, step.last_used_at)]
    assert times == [dt.time(), dt.time()]


def test_looking_at_codes_leaves_no_time(client, admin, with_app, with_paper):
    with_app(admin)
    with_paper(admin)
    codes = Authenticator.objects.get(type="recovery_codes").wrap()

    codes.mark_as_viewed()

    assert Authenticator.objects.get(type="recovery_codes").data["viewed_at"] == 1
    assert Authenticator.objects.get(type="recovery_codes").wrap().did_view


def test_secrets_lie_sealed(admin, with_app, with_paper, everything_written):
    with_app(admin)
    with_paper(admin)
    secret = decrypt(Authenticator.objects.get(type="totp").data["secret"])
    seed = decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])

    text = everything_written()
    assert len(secret) == 32
    assert secret not in text
    assert seed not in text


def test_authenticator_shows_neutral_name(admin, settings):
    settings.ALLOWED_HOSTS = ["rota.example"]
    admin.email = "robin@example.org"

    assert get_adapter().build_totp_url(admin, "ABC") == "otpauth://totp/robin?secret=ABC&issuer=rota.example"


def test_reset_takes_everything_away_and_signs_out(
    client, sign_in, admin, second_admin, with_app, with_paper, with_key
):
    for give in (with_app, with_paper, with_key):
        give(admin)
    sign_in(client, admin)
    assert client.get("/people/me/").status_code == 200

    admin.reset_second_step(by=second_admin)

    assert not Authenticator.objects.exists()
    assert not admin.has_second_step
    assert client.get("/people/me/").status_code == 302


@pytest.mark.parametrize("who", ["admin", "coordinator", "volunteer"])
def test_reset_is_for_other_admins_only(request, admin, who, with_app):
    with_app(admin)

    with pytest.raises(NotAllowed):
        admin.reset_second_step(by=request.getfixturevalue(who))
    assert Authenticator.objects.exists()
