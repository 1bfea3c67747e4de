"""The door: password, code, passkey; the same answer for everybody; and how often one may knock."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.conftest import PASSWORD
from tests.volunteers.sign_in_steps import CODE, LOGIN, RESET, code_in, posted, with_mail
from volunteers.models import User


def knock(client, name="ash", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password}, **more)


@pytest.fixture
def ash(volunteer):
    return with_mail(volunteer)


@pytest.mark.parametrize("name", ["ash", "ASH", " ash ", "ash@example.org", "Ash@Example.ORG"])
def test_password_signs_in_by_name_or_e_mail(client, ash, name):
    assert knock(client, name).headers["Location"] == "/today/"
    assert client.get("/people/me/").status_code == 200


def test_password_signs_in_without_email(client, volunteer):
    assert knock(client).headers["Location"] == "/today/"
    assert posted() == []


@pytest.mark.parametrize(("name", "password"), [("ash", "wrong"), ("nobody", PASSWORD), ("nobody", "wrong")])
def test_wrong_name_and_wrong_password_look_the_same(client, volunteer, name, password):
    answer = knock(client, name, password)

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["That name and password are not right. Try again."]
    assert client.get("/people/me/").status_code == 302


def test_paused_person_is_told_after_password(client, admin, volunteer):
    volunteer.pause(by=admin)

    assert knock(client).headers["Location"] == "/accounts/inactive/"
    assert "paused" in client.get("/accounts/inactive/").content.decode()
    assert "That name and password are not right." in knock(client, password="wrong").content.decode()


def test_signing_out_is_asked_for_by_post(client, volunteer):
    knock(client)
    client.get("/accounts/logout/")
    assert client.get("/people/me/").status_code == 200

    client.post("/accounts/logout/")
    assert client.get("/people/me/").status_code == 302


# --- By code


def test_code_in_a_letter_signs_in(client, ash):
    assert client.post(CODE, {"email": "ash@example.org"}).headers["Location"] == "/accounts/login/code/confirm/"
    (letter,) = posted()

    answer = client.post("/accounts/login/code/confirm/", {"code": code_in(letter)})

    assert answer.headers["Location"] == "/today/"
    assert client.get("/people/me/").status_code == 200


def test_wrong_code_does_not(client, ash):
    client.post(CODE, {"email": "ash@example.org"})

    answer = client.post("/accounts/login/code/confirm/", {"code": "WRONG1"})

    assert "That code is not right." in answer.content.decode()
    assert client.get("/people/me/").status_code == 302


def test_three_wrong_codes_end_it(client, ash):
    client.post(CODE, {"email": "ash@example.org"})
    (letter,) = posted()
    for _try in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "WRONG1"})

    client.post("/accounts/login/code/confirm/", {"code": code_in(letter)})

    assert client.get("/people/me/").status_code == 302


def bare(answer):
    """A page without what differs by chance or by what was typed: tokens and addresses."""
    return re.sub(r"(?<=value=\")[^\"]*|[\w.]+@example\.org", "", answer.content.decode())


@pytest.mark.parametrize("page", [CODE, RESET])
def test_known_and_unknown_addresses_answer_alike(client, ash, page):
    answers = []
    for email in ("ash@example.org", "stranger@example.org"):
        asked = client.post(page, {"email": email})
        answers.append((asked.status_code, asked.headers["Location"], bare(client.get(asked.headers["Location"]))))
        client.cookies.clear()

    assert answers[0] == answers[1]
    assert [letter.to for letter in posted()] == [["ash@example.org"]]


@pytest.mark.parametrize("page", [CODE, RESET])
def test_paused_people_get_no_mail(client, admin, ash, page):
    ash.pause(by=admin)

    client.post(page, {"email": "ash@example.org"})

    assert posted() == []


def test_password_reset_by_code_ends_sessions(client, sign_in, ash):
    other = type(client)()
    sign_in(other, ash)
    client.post(RESET, {"email": "ash@example.org"})
    (letter,) = posted()

    client.post("/accounts/password/reset/code/", {"code": code_in(letter)})
    done = client.post(
        "/accounts/password/reset/new/", {"password1": "quite another one", "password2": "quite another one"}
    )

    assert done.headers["Location"] == "/accounts/password/reset/done/"
    assert "Sign in with it now." in client.get(done.headers["Location"]).content.decode()
    assert client.get("/people/me/").status_code == 302
    assert other.get("/people/me/").status_code == 302
    assert knock(client, password="quite another one").headers["Location"] == "/today/"


# --- How often one may knock


def test_failed_tries_per_name_are_limited(client, volunteer):
    for number in range(5):
        knock(client, password="wrong", REMOTE_ADDR=f"203.0.113.{number}")

    answer = knock(client, REMOTE_ADDR="203.0.113.99")

    assert "Too many tries." in answer.content.decode()
    assert client.get("/people/me/").status_code == 302


def test_knocking_from_one_address_is_limited(client, db):
    answers = [knock(client, f"n{number}", REMOTE_ADDR="203.0.113.1") for number in range(31)]

    assert [answer.status_code for answer in answers[:30]] == [422] * 30
    assert answers[30].status_code == 429
    assert "Wait a few minutes and try again" in answers[30].content.decode()
    assert knock(client, "n99", REMOTE_ADDR="203.0.113.2").status_code == 422


def test_signing_in_well_does_not_use_up_tries(client, volunteer):
    for _time in range(7):
        assert knock(client).status_code == 302
        client.post("/accounts/logout/")


@pytest.mark.parametrize("address", ["", "@", "unix:"])
def test_sign_in_works_without_client_address(client, volunteer, address):
    assert client.get(LOGIN, REMOTE_ADDR=address).status_code == 200
    assert knock(client, REMOTE_ADDR=address).headers["Location"] == "/today/"


def test_without_addresses_everybody_is_counted_together(client, db):
    for number in range(30):
        knock(client, f"n{number}", REMOTE_ADDR="")

    assert knock(client, "somebody", REMOTE_ADDR="").status_code == 429


@pytest.fixture
def behind_a_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def test_proxy_address_counts_instead_of_claims(client, db, behind_a_proxy):
    def from_(claimed, real):
        return knock(client, "n", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": f"{claimed}, {real}"})

    for number in range(30):
        from_(f"198.51.100.{number}", "203.0.113.1")

    assert from_("198.51.100.77", "203.0.113.1").status_code == 429
    assert from_("203.0.113.1", "203.0.113.2").status_code == 422


def test_demo_alone_lists_its_sign_ins(client, db, demo, settings):
    User.objects.create_user("trainee", chosen_name="Jules", password=PASSWORD)
    page = client.get(LOGIN).content.decode()
    settings.DEMO = False

    assert "demo-demo-demo" in page
    assert "trainee" in page
    assert "coordinator" not in page, "nobody of that name is here"
    assert "demo-demo-demo" not in client.get(LOGIN).content.decode()


def test_without_a_proxy_the_header_counts_for_nothing(client, db):
    for number in range(30):
        knock(client, "n", REMOTE_ADDR="203.0.113.1", headers={"x-forwarded-for": f"198.51.100.{number}"})

    assert (
        knock(client, "n", REMOTE_ADDR="203.0.113.1", headers={"x-forwarded-for": "198.51.100.99"}).status_code == 429
    )


def test_fewer_proxies_do_not_break_sign_in(client, volunteer, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2

    assert knock(client, headers={"x-forwarded-for": "203.0.113.1"}).headers["Location"] == "/today/"


# --- Which doors there are


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "signup/passkey/",
        "password/reset/key/1-x/",
        "confirm-email/",
        "3rdparty/",
        "social/signup/",
        "2fa/trust/",
    ],
)
def test_doors_we_do_not_use_are_not_there(client, sign_in, volunteer, path):
    sign_in(client, volunteer)

    assert client.get(f"/accounts/{path}").status_code == 404


def test_signing_up_has_no_name_either():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def names():
    names = [name for name in get_resolver().reverse_dict if isinstance(name, str)]
    return sorted(name for name in names if name.startswith(("account_", "mfa_")))


# Name: what a stranger gets, and what somebody signed in by password without a second step gets.
ANSWERS = {
    "account_change_password": ("sign in", 200),
    "account_complete_password_reset": ("/accounts/password/reset/", "/accounts/password/reset/"),
    "account_confirm_email": (200, 200),
    "account_confirm_login_code": ("/accounts/login/code/", "/today/"),
    "account_confirm_password_reset_code": ("/accounts/login/", "/accounts/login/"),
    "account_email": ("sign in", 200),
    "account_inactive": (200, 200),
    "account_login": (200, "/today/"),
    "account_logout": ("/accounts/login/", 200),
    "account_password_reset_completed": (200, 200),
    "account_reauthenticate": ("sign in", 200),
    "account_request_login_code": (200, "/today/"),
    "account_reset_password": (200, 200),
    "account_set_password": ("sign in", "/accounts/password/change/"),
    "mfa_activate_totp": ("sign in", 200),
    "mfa_add_webauthn": ("sign in", 200),
    "mfa_authenticate": ("/accounts/login/", "/today/"),
    "mfa_deactivate_totp": ("sign in", 404),
    "mfa_download_recovery_codes": ("sign in", 404),
    "mfa_edit_webauthn": ("sign in", 404),
    "mfa_generate_recovery_codes": ("sign in", 200),
    "mfa_index": ("sign in", 200),
    "mfa_list_webauthn": ("sign in", 200),
    "mfa_login_webauthn": ("/accounts/login/", "/today/"),
    "mfa_reauthenticate": ("sign in", "/accounts/reauthenticate/"),
    "mfa_reauthenticate_webauthn": ("sign in", "/accounts/reauthenticate/"),
    "mfa_remove_webauthn": ("sign in", 404),
    "mfa_view_recovery_codes": ("sign in", 404),
}
ARGUMENTS = {"account_confirm_email": ["forged"], "mfa_edit_webauthn": [1], "mfa_remove_webauthn": [1]}


def test_there_is_an_answer_for_each_account_page():
    assert names() == sorted(ANSWERS)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_account_page_answers_sensibly(client, volunteer, name):
    page = reverse(name, args=ARGUMENTS.get(name, []))
    stranger = client.get(page)
    knock(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    signed_in = client.get(page)

    answers = [answer.headers.get("Location", answer.status_code) for answer in (stranger, signed_in)]
    assert ["sign in" if where == f"{LOGIN}?next={page}" else where for where in answers] == list(ANSWERS[name])
    for answer in (stranger, signed_in):
        assert "style=" not in answer.content.decode()
        assert "data:image" not in answer.content.decode()


# --- Looking after one's own way in


@pytest.fixture
def at_home(client, volunteer):
    """Signed in by password, and asked for it again a moment ago."""
    knock(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_own_e_mail_is_asked_the_password_first(client, volunteer):
    knock(client)

    answer = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})

    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.exists()


def test_own_email_is_added_by_confirming(at_home, volunteer):
    at_home.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    (letter,) = posted()
    link = re.search(r"http://\S+", letter.body).group()

    page = at_home.get(link)
    volunteer.refresh_from_db()
    assert (letter.to, volunteer.email) == (["new@example.org"], None)
    assert "new@example.org" in page.content.decode()

    at_home.post(link)
    volunteer.refresh_from_db()
    assert volunteer.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]


def test_own_email_changes_and_old_is_told(client, ash):
    knock(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    (letter,) = posted()
    client.post(re.search(r"http://\S+", letter.body).group())

    ash.refresh_from_db()
    assert ash.email == "new@example.org"
    assert EmailAddress.objects.count() == 1
    (notice,) = [letter for letter in posted() if letter.to == ["ash@example.org"]]
    assert "your e-mail was changed" in notice.body
    assert "new@example.org" not in notice.body


def test_own_e_mail_is_taken_away(client, ash, trainee):
    knock(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post("/accounts/email/", {"email": "ash@example.org", "action_remove": ""})

    ash.refresh_from_db()
    assert ash.email is None
    assert not EmailAddress.objects.exists()


def test_only_way_in_cannot_be_removed(client, sign_in, ash):
    ash.set_unusable_password()
    ash.save()
    sign_in(client, ash)

    client.post("/accounts/email/", {"email": "ash@example.org", "action_remove": ""})

    assert User.objects.get(pk=ash.pk).email == "ash@example.org"


def test_own_password_change_ends_sessions(at_home, sign_in, volunteer):
    other = type(at_home)()
    sign_in(other, volunteer)

    at_home.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "quite another one", "password2": "quite another one"},
    )

    assert at_home.get("/people/me/").status_code == 200
    assert other.get("/people/me/").status_code == 302
    assert User.objects.get(pk=volunteer.pk).check_password("quite another one")


def test_database_keeps_no_address_or_time(client, ash, everything_written):
    knock(client, password="wrong", REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Teapot/4")
    knock(client, REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Teapot/4")

    text = everything_written()

    assert "ash@example.org" in text, "the search must be able to find something"
    assert "203.0.113" not in text
    assert "Teapot" not in text
