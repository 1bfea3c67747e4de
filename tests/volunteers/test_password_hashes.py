"""Hashes take a third of a second each: how many a request takes tells nobody whether we know somebody."""

import re

import pytest

from tests.conftest import PASSWORD
from tests.volunteers.counting_hasher import count_hashes
from tests.volunteers.sign_in_steps import CODE, LOGIN, RESET, code_in, posted, with_mail
from volunteers.models import Invitation, User

AGAIN = "/accounts/reauthenticate/"
ANOTHER = "quite another one"


@pytest.fixture(autouse=True)
def counted_passwords(settings, quick_passwords):
    settings.PASSWORD_HASHERS = ["tests.volunteers.counting_hasher.CountingHasher"]


@pytest.fixture
def everybody(admin):
    """One of each kind: with and without an e-mail, a password, an invitation taken up; paused; about to change."""
    with_mail(User.objects.create_user("ash", chosen_name="Ash", password=PASSWORD))
    User.objects.create_user("jules", chosen_name="Jules", password=PASSWORD)
    by_code = with_mail(User.objects.create_user("kit", chosen_name="Kit"), "kit@example.org")
    by_code.emailaddress_set.create(email="kits-new@example.org")
    paused = with_mail(User.objects.create_user("lee", chosen_name="Lee", password=PASSWORD), "lee@example.org")
    paused.pause(by=admin)
    Invitation.objects.invite("Max", by=None, email="max@example.org")


@pytest.mark.parametrize(
    "login",
    [
        *("ash", "ASH", "jules", "kit", "lee", "new-max", "nobody", "", "a\x00b"),
        *("ash@example.org", "Ash@Example.ORG", "kit@example.org", "lee@example.org", "max@example.org"),
        *("kits-new@example.org", "nobody@example.org", "@", "a@b"),
    ],
)
@pytest.mark.parametrize("password", ["wrong", PASSWORD, "p" * 5000])
def test_signing_in_takes_one_hash(client, everybody, login, password):
    typed = {"login": login, "password": password}

    hashes = count_hashes(lambda: client.post(LOGIN, typed))

    assert hashes == (1 if login not in ("", "a\x00b") else 0), "what is not a name at all is asked of nobody"


@pytest.mark.parametrize("login", ["ash@example.org", "nobody@example.org", "ash", "nobody"])
def test_too_many_tries_take_no_hash(client, everybody, login):
    for number in range(5):
        client.post(LOGIN, {"login": login, "password": "wrong"}, REMOTE_ADDR=f"203.0.113.{number}")

    assert count_hashes(lambda: client.post(LOGIN, {"login": login, "password": PASSWORD})) == 0


@pytest.mark.parametrize("page", [CODE, RESET, "/school/join/"])
@pytest.mark.parametrize("name", ["ash", "kit", "lee", "max", "nobody", "kits-new"])
def test_asking_for_mail_takes_no_hash(client, everybody, page, name):
    typed = {"email": f"{name}@example.org", "name": "Ash"}

    assert count_hashes(lambda: client.post(page, typed)) == 0


@pytest.mark.parametrize("email", ["ash@example.org", "nobody@example.org"])
@pytest.mark.parametrize(("page", "then"), [(CODE, f"{CODE}confirm/"), (RESET, f"{RESET}code/")])
def test_wrong_code_takes_no_hash(client, everybody, page, then, email):
    client.post(page, {"email": email})

    assert count_hashes(lambda: client.post(then, {"code": "WRONG1"})) == 0


def test_code_signs_in_without_hash(client, everybody):
    client.post(CODE, {"email": "ash@example.org"})
    code = code_in(posted()[0])

    assert count_hashes(lambda: client.post(f"{CODE}confirm/", {"code": code})) == 0
    assert client.get("/people/me/").status_code == 200


def test_new_password_after_lost_takes_one_hash(client, everybody):
    client.post(RESET, {"email": "ash@example.org"})
    code = code_in(posted()[0])
    assert count_hashes(lambda: client.post(f"{RESET}code/", {"code": code})) == 0

    typed = {"password1": ANOTHER, "password2": ANOTHER}

    assert count_hashes(lambda: client.post(f"{RESET}new/", typed)) == 1
    assert User.objects.get(username="ash").check_password(ANOTHER)


@pytest.mark.parametrize("email", [None, "ash@example.org"])
@pytest.mark.parametrize("password", ["wrong", PASSWORD])
def test_password_again_takes_one_hash(client, sign_in, volunteer, email, password):
    sign_in(client, with_mail(volunteer, email) if email else volunteer)

    assert count_hashes(lambda: client.post(AGAIN, {"password": password})) == 1


@pytest.mark.parametrize(("old", "hashes"), [("wrong", 1), (PASSWORD, 2)])
def test_changing_password_checks_old_makes_new(client, sign_in, volunteer, old, hashes):
    sign_in(client, volunteer)
    client.post(AGAIN, {"password": PASSWORD})
    typed = {"oldpassword": old, "password1": ANOTHER, "password2": ANOTHER}

    assert count_hashes(lambda: client.post("/accounts/password/change/", typed)) == hashes


def test_second_step_takes_no_hash(client, volunteer, with_app):
    code = with_app(volunteer)
    client.post(LOGIN, {"login": "ash", "password": PASSWORD})

    assert count_hashes(lambda: client.post("/accounts/2fa/authenticate/", {"code": "000000"})) == 0
    assert count_hashes(lambda: client.post("/accounts/2fa/authenticate/", {"code": code()})) == 0


def test_passkey_takes_no_hash(client, db):
    hashes = count_hashes(
        lambda: [client.get("/accounts/2fa/webauthn/login/"), client.post("/accounts/2fa/webauthn/login/", {})]
    )

    assert hashes == 0


@pytest.mark.parametrize("email", ["ash@example.org", "nobody@example.org", ""])
def test_inviting_takes_no_hash(client, sign_in, demo, coordinator, everybody, email):
    sign_in(client, coordinator)

    assert count_hashes(lambda: client.post("/people/invite/", {"chosen_name": "Ash", "email": email})) == 0


@pytest.mark.parametrize(("password", "hashes"), [(ANOTHER, 1), ("", 0)])
def test_coming_in_takes_one_hash_for_password(client, everybody, password, hashes):
    link = Invitation.objects.get().link(by_mail=True)
    typed = {"chosen_name": "Max", "username": "max", "password": password}

    assert count_hashes(lambda: client.post("/" + link.split("/", 3)[3], typed)) == hashes
    assert client.get("/people/me/").status_code == 200


def test_coming_in_by_join_link_takes_no_hash(client, everybody):
    client.post("/school/join/", {"name": "Sam", "email": "sam@example.org"})
    (letter,) = posted()
    link = re.search(r"http://[^/]+(\S+)", letter.body).group(1)

    assert count_hashes(lambda: client.post(link, {"chosen_name": "Sam"})) == 0
    assert User.objects.filter(email="sam@example.org").exists()


@pytest.mark.parametrize("login", ["ash@example.org", "nobody@example.org"])
def test_admin_door_takes_no_hash(client, everybody, login):
    assert count_hashes(lambda: client.post("/admin/login/", {"username": login, "password": PASSWORD})) == 0
