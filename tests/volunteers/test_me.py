"""Everybody's own page."""

from django.test import Client
from django.urls import reverse

ME = "/people/me/"


def test_me_asks_a_stranger_to_sign_in(client, db):
    assert client.get(ME).headers["Location"] == f"/accounts/login/?next={ME}"


def test_me_shows_trainee_everything_known(client, sign_in, trainee):
    trainee.contact = "07700 900123"
    trainee.access_needs = "A chair with a back"
    trainee.save()
    sign_in(client, trainee)

    page = client.get(ME).content.decode()

    for known in (
        "Jules",
        "jules",
        "07700 900123",
        "A chair with a back",
        reverse("mfa_index"),
        reverse("account_email"),
    ):
        assert known in page


def test_me_is_changed_by_oneself(client, sign_in, trainee):
    sign_in(client, trainee)

    answer = client.post(ME, {"chosen_name": "Jay", "pronouns": "they", "contact": "", "access_needs": "Quiet"})

    trainee.refresh_from_db()
    assert answer.headers["Location"] == ME
    assert (trainee.chosen_name, trainee.pronouns, trainee.access_needs) == ("Jay", "they", "Quiet")


def test_me_keeps_a_name_and_says_so(client, sign_in, trainee):
    sign_in(client, trainee)

    answer = client.post(ME, {"chosen_name": ""})

    trainee.refresh_from_db()
    assert answer.status_code == 422
    assert "chosen_name" in answer.context["form"].errors
    assert trainee.chosen_name == "Jules"


def test_me_cannot_change_roles_or_email(client, sign_in, trainee):
    sign_in(client, trainee)

    client.post(
        ME, {"chosen_name": "Jules", "email": "x@example.org", "groups": "4", "is_active": "", "username": "admin"}
    )

    trainee.refresh_from_db()
    assert (trainee.email, trainee.username, trainee.is_active) == (None, "jules", True)
    assert trainee.groups.count() == 0


def test_signing_out_everywhere_is_asked_for_by_post(client, sign_in, volunteer):
    sign_in(client, volunteer)

    assert client.get(reverse("volunteers:sign-out-everywhere")).headers["Location"] == "/people/me/"


def test_signing_out_everywhere_ends_all_sessions(client, sign_in, volunteer):
    other = Client()
    sign_in(client, volunteer)
    sign_in(other, volunteer)
    assert other.get(ME).status_code == 200

    answer = client.post(reverse("volunteers:sign-out-everywhere"))

    assert answer.headers["Location"] == "/accounts/login/"
    assert client.get(ME).status_code == 302
    assert other.get(ME).status_code == 302
