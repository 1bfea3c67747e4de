"""The only way in: made, sent or shown, used once, renewed, run out."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.conftest import PASSWORD
from tests.volunteers.threads import at_once
from volunteers.models import Invitation, Letter, User
from volunteers.models.invitations import LinkIsDead, suggested_username
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.retention import Every, delete_overdue

INVITE = "/people/invite/"
SAID = {"chosen_name": "Wren", "pronouns": "she/her", "username": "wren", "password": "a very long one"}


def path(invitation, *, by_mail=False):
    return "/" + invitation.link(by_mail=by_mail).split("/", 3)[3]


def token(invitation, *, by_mail=False):
    return path(invitation, by_mail=by_mail).split("/")[-2]


@pytest.fixture
def wren(coordinator):
    """Invited, without an e-mail."""
    return Invitation.objects.invite("Wren", by=coordinator, roles=["volunteer"])


@pytest.fixture
def wren_by_mail(coordinator):
    return Invitation.objects.invite("Wren", by=coordinator, email="Wren@Example.org", roles=["volunteer"])


def test_inviting_creates_person_without_access(wren):
    person = wren.person

    assert (person.chosen_name, person.role_names, person.email) == ("Wren", {"volunteer"}, None)
    assert not person.has_usable_password()
    assert not person.can_get_in
    assert person not in User.objects.able()


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("coordinator", ["coordinator"]),
        ("coordinator", ["admin"]),
        ("coordinator", ["volunteer", "admin"]),
        ("coordinator", ["no such role"]),
        ("trainer", []),
        ("volunteer", []),
        ("trainee", []),
    ],
)
def test_inviting_is_refused_above_ones_role(request, who, roles):
    by = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        Invitation.objects.invite("Wren", by=by, roles=roles)
    assert not User.objects.filter(chosen_name="Wren").exists()


def test_inviting_used_email_is_refused(coordinator, volunteer, wren_by_mail):
    volunteer.email = "ash@example.org"
    volunteer.save()
    before = User.objects.count()

    for email in ("ASH@example.org", "wren@example.org"):
        with pytest.raises(NotAllowed, match="e-mail"):
            Invitation.objects.invite("Somebody", by=coordinator, email=email)
    assert User.objects.count() == before


def test_coming_in_by_a_shown_link(client, wren):
    answer = client.post(path(wren), SAID)

    person = User.objects.get(username="wren")
    assert answer.headers["Location"] == "/today/"
    assert person.pk == wren.person_id
    assert (person.chosen_name, person.pronouns, person.email) == ("Wren", "she/her", None)
    assert person.check_password(SAID["password"])
    assert not Invitation.objects.exists()
    assert client.get("/people/me/").status_code == 200


def test_coming_in_by_letter_verifies_email(client, wren_by_mail):
    client.post(path(wren_by_mail, by_mail=True), SAID | {"password": ""})

    person = User.objects.get(username="wren")
    address = EmailAddress.objects.get()
    assert (person.email, person.has_usable_password(), person.can_get_in) == ("wren@example.org", False, True)
    assert (address.user, address.email, address.verified, address.primary) == (person, "wren@example.org", True, True)


def test_link_on_screen_verifies_no_email(client, wren_by_mail):
    without_password = client.post(path(wren_by_mail), SAID | {"password": ""})
    assert without_password.status_code == 422
    assert "password" in without_password.context["form"].errors

    client.post(path(wren_by_mail), SAID)
    assert User.objects.get(username="wren").email is None
    assert not EmailAddress.objects.exists()


def test_accepting_without_sign_in_method_is_refused(wren):
    with pytest.raises(NotAllowed, match="Set a password"):
        Invitation.accept(token(wren), username="wren", chosen_name="Wren", pronouns="", password="")
    assert Invitation.objects.exists()


def test_looking_at_the_link_uses_nothing_up(client, wren):
    for _look in range(3):
        page = client.get(path(wren))
    client.head(path(wren))

    assert page.status_code == 200
    assert page.context["form"]["username"].value() == "wren"
    assert Invitation.objects.count() == 1


def test_link_page_is_uncached_without_referrer(client, wren):
    page = client.get(path(wren))

    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_used_forged_and_expired_links_look_the_same(client, wren):
    working = path(wren)
    forged = client.get("/people/invitations/forged/")
    renamed = client.get(working[:-3] + "x/")
    with time_machine.travel(dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=9)):
        expired = client.get(working)
    client.post(working, SAID)
    client.logout()
    used = client.get(working)
    used_again = client.post(working, SAID | {"username": "other"})

    answers = [forged, renamed, expired, used, used_again]
    assert [answer.status_code for answer in answers] == [410] * 5
    assert len({re.sub(r"(?<=value=\")[^\"]+", "", answer.content.decode()) for answer in answers}) == 1
    assert not User.objects.filter(username="other").exists()


def test_link_lasts_seven_full_days(client, coordinator):
    with time_machine.travel("2026-05-13 20:00 +0100") as clock:
        invitation = Invitation.objects.invite("Wren", by=coordinator)
        clock.move_to("2026-05-20 23:59 +0100")
        assert client.get(path(invitation)).status_code == 200
        clock.move_to("2026-05-21 00:01 +0100")
        assert client.get(path(invitation)).status_code == 410


def test_renewing_kills_old_link_keeping_email(client, sign_in, coordinator, demo, wren_by_mail):
    old = path(wren_by_mail, by_mail=True)
    sign_in(client, coordinator)
    client.post(reverse("volunteers:invitation", args=[wren_by_mail.person_id]), {"by_mail": "yes"})

    new = Invitation.objects.get()
    assert new.email == "wren@example.org"
    client.logout()
    assert client.get(old).status_code == 410
    assert client.get(path(new, by_mail=True)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_one_link_used_twice_admits_one(wren):
    link = token(wren)

    def come_in(name):
        return lambda: Invitation.accept(link, username=name, chosen_name=name, pronouns="", password=PASSWORD)

    answers = at_once(come_in("first"), come_in("second"))

    assert sorted(type(answer) is LinkIsDead for answer in answers) == [False, True]
    assert User.objects.filter(username__in=["first", "second"]).count() == 1


def test_invalid_answers_keep_the_link(client, wren, volunteer):
    answer = client.post(path(wren), {"chosen_name": "", "username": "ASH", "password": "short"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"chosen_name", "username", "password"}
    assert Invitation.objects.count() == 1


def test_email_is_refused_as_sign_in_name(client, wren):
    assert client.post(path(wren), SAID | {"username": "wren@example.org"}).status_code == 422


def test_racing_invitations_end_in_sentence(client, wren_by_mail, volunteer):
    volunteer.email = "wren@example.org"
    volunteer.save()

    answer = client.post(path(wren_by_mail, by_mail=True), SAID)

    assert answer.status_code == 409
    assert "Somebody already signs in with that e-mail." in answer.content.decode()
    assert Invitation.objects.count() == 1
    assert not User.objects.filter(username="wren").exists()


def test_recovery_link_resets_password_and_sessions(client, sign_in, coordinator, volunteer):
    sign_in(client, volunteer)
    invitation = Invitation.renew(volunteer, by=coordinator)
    assert suggested_username(volunteer) == "ash"

    person = Invitation.accept(
        token(invitation), username="ash", chosen_name="Ash", pronouns="", password="another long one"
    )

    assert person == volunteer
    assert client.get("/people/me/").status_code == 302
    assert User.objects.get(pk=volunteer.pk).check_password("another long one")


@pytest.mark.parametrize("who", ["admin", "coordinator"])
def test_coordinator_cannot_link_above_their_role(coordinator, request, who):
    with pytest.raises(NotAllowed):
        Invitation.renew(request.getfixturevalue(who), by=coordinator)
    assert not Invitation.objects.exists()


def test_no_link_for_a_paused_account(admin, volunteer):
    volunteer.pause(by=admin)

    with pytest.raises(NotAllowed, match="paused"):
        Invitation.renew(volunteer, by=admin)


def test_link_does_not_pass_by_a_second_step(client, coordinator, with_app):
    with_app(coordinator)
    invitation = Invitation.renew(coordinator)

    answer = client.post(path(invitation), SAID | {"username": "mo"})

    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/people/me/").status_code == 302


def test_coming_in_ends_the_devices_session(client, sign_in, demo, coordinator, wren):
    sign_in(client, coordinator)

    client.post(path(wren), SAID)

    assert client.get("/people/me/").context["user"].username == "wren"


def test_letter_says_nothing_of_this_place(wren_by_mail, settings):
    wren_by_mail.send()
    Letter.objects.send_waiting()

    (letter,) = mail.outbox
    assert letter.to == ["wren@example.org"]
    assert (letter.subject, letter.from_email) == ("A message for you", settings.DEFAULT_FROM_EMAIL)
    assert wren_by_mail.link(by_mail=True) in letter.body
    assert not re.search(
        "hub|school|harm|drug|volunteer|coordinator|Wren|shift", letter.body.replace("invitations/", ""), re.IGNORECASE
    )


def test_letters_link_is_built_from_the_setting(wren, settings):
    settings.SITE_URL = "https://a.example/"

    assert wren.link().startswith("https://a.example/people/invitations/")


def test_database_keeps_one_invitation_an_e_mail(wren_by_mail, wren):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=wren.pk).update(email="WREN@example.org")


def test_expired_invitations_are_cleared_and_live_ones_stay(coordinator, wren):
    old = Invitation.objects.invite("Old", by=coordinator)
    Invitation.objects.filter(pk=old.pk).update(expires_on=dt.date(2020, 1, 1))

    delete_overdue(Every.HOUR)

    assert list(Invitation.objects.all()) == [wren]


# --- The pages of whoever invites


@time_machine.travel("2026-01-15 20:00Z", tick=False)  # a link carries the second it was made
def test_invite_shows_a_link_and_a_square_once(client, sign_in, demo, coordinator):
    sign_in(client, coordinator)

    answer = client.post(INVITE, {"chosen_name": "Wren", "email": "", "roles": ["volunteer"]})
    invitation = Invitation.objects.get()
    where = reverse("volunteers:invitation", args=[invitation.person_id])
    shown, again = client.get(where).content.decode(), client.get(where).content.decode()

    assert answer.headers["Location"] == where
    assert invitation.link() in shown
    assert "<svg" in shown
    assert "style=" not in shown
    assert "/people/invitations/" not in again
    assert "<svg viewBox" not in again


def test_inviting_by_email_shows_no_link(client, sign_in, demo, coordinator):
    sign_in(client, coordinator)

    answer = client.post(INVITE, {"chosen_name": "Wren", "email": "wren@example.org"})
    person = User.objects.get(chosen_name="Wren")

    assert answer.headers["Location"] == reverse("volunteers:person", args=[person.pk])
    assert Letter.objects.count() == 1
    assert "/people/invitations/" not in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("who", ["trainer", "volunteer", "trainee"])
def test_invite_is_for_coordinators(client, sign_in, request, who):
    sign_in(client, request.getfixturevalue(who))

    assert client.get(INVITE).status_code == 403
    assert client.post(INVITE, {"chosen_name": "Wren"}).status_code == 403
    assert not Invitation.objects.exists()


def test_invite_offers_only_roles_one_may_give(client, sign_in, demo, coordinator):
    sign_in(client, coordinator)
    page = client.get(INVITE)
    refused = client.post(INVITE, {"chosen_name": "Wren", "roles": ["admin"]})

    assert [value for value, _label in page.context["form"].fields["roles"].choices] == ["volunteer", "trainer"]
    assert refused.status_code == 422
    assert not Invitation.objects.exists()


def test_invite_says_why_not(client, sign_in, demo, coordinator, wren_by_mail):
    sign_in(client, coordinator)

    answer = client.post(INVITE, {"chosen_name": "Robin", "email": "wren@example.org"})

    assert answer.status_code == 409
    assert "Somebody is already invited at that e-mail." in answer.content.decode()
    assert client.post(INVITE, {"chosen_name": ""}).status_code == 422


def test_renewing_above_role_is_refused(client, sign_in, demo, coordinator, admin):
    sign_in(client, coordinator)

    answer = client.post(reverse("volunteers:invitation", args=[admin.pk]))

    assert answer.status_code == 409
    assert "You cannot make a link for them. Ask an admin." in answer.content.decode()
    assert not Invitation.objects.exists()
