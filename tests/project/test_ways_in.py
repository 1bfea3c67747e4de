"""Guessing, planting and bending what lets people in. What one door is about has its tests beside that door."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.urls import get_resolver, reverse

from hub.desk.access import DEVICE_COOKIE
from hub.desk.models.devices import CODE_ALPHABET, CODE_LENGTH, CODE_TTL
from hub.models import DeskDevice, Feed, Opening
from supplies.models import Leaflet
from tests.conftest import PASSWORD
from tests.project.access_matrix import DOORS
from tests.project.access_requests import addresses
from tests.supplies.makers import an_item
from tests.volunteers.sign_in_steps import CODE, LOGIN, RESET, code_in, posted, with_mail
from volunteers.models import Invitation

pytestmark = pytest.mark.django_db

TYPED = {"login": "ash", "password": PASSWORD}
PLANTED = "abcdefghijklmnopqrstuvwxyz012345"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "https://testserver@evil.example/",
)


@pytest.fixture
def ash(volunteer):
    return with_mail(volunteer)


def is_in(client):
    return client.get("/people/me/").status_code == 200


# --- Guessing


def test_three_wrong_codes_end_a_new_password(client, ash):
    client.post(RESET, {"email": ash.email})
    (letter,) = posted()
    for _try in range(3):
        client.post("/accounts/password/reset/code/", {"code": "WRONG1"})

    client.post("/accounts/password/reset/code/", {"code": code_in(letter)})
    client.post("/accounts/password/reset/new/", {"password1": "quite another one", "password2": "quite another one"})

    ash.refresh_from_db()
    assert ash.check_password(PASSWORD)


def test_second_step_guesses_are_limited(client, volunteer):
    TOTP.activate(volunteer, generate_totp_secret())
    paper = RecoveryCodes.activate(volunteer).get_unused_codes()
    client.post(LOGIN, TYPED)
    for number in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})

    answer = client.post("/accounts/2fa/authenticate/", {"code": paper[0]})

    assert "Too many tries." in answer.content.decode()
    assert not is_in(client)


def test_device_code_guesses_stop_nobody(client):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    code = DeskDevice.objects.invite(Opening.objects.current()).code
    guesses = [CODE_ALPHABET[n % 27] * CODE_LENGTH for n in range(27)] + [code[:-1], code[1:], code + "A", code[::-1]]
    for guess in guesses:
        assert client.post("/desk/pair/", {"code": guess}).status_code == 422
        assert DEVICE_COOKIE not in client.cookies

    assert client.post("/desk/pair/", {"code": code}).status_code == 302
    # A thousand guesses a second for as long as a code can live, and it is still one in a hundred thousand.
    assert 1000 * 2 * CODE_TTL / len(CODE_ALPHABET) ** CODE_LENGTH < 1e-5


def test_link_secrets_are_long_and_random(volunteer, trainee):
    tokens = [Feed.objects.renew(person) for person in (volunteer, volunteer, trainee)]

    assert len(set(tokens)) == 3
    assert min(map(len, tokens)) >= 32


def test_an_invitation_with_one_letter_changed_opens_nothing(client, trainee):
    path = reverse("volunteers:invitation-accept", args=["x"])
    token = Invitation.renew(trainee).link().split("/")[-2]
    for n in range(0, len(token), 7):
        bent = token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :]
        assert client.get(path.replace("/x/", f"/{bent}/")).status_code == 410, n


# --- Planting


@pytest.mark.parametrize("way", ["password", "code", "invitation"])
def test_a_session_planted_before_is_nobodys_afterwards(client, ash, way):
    """Whoever can set a cookie on somebody's device does not come in with them."""
    client.cookies["s"] = PLANTED
    if way == "password":
        client.post(LOGIN, TYPED)
    elif way == "code":
        client.post(CODE, {"email": ash.email})
        half_way = client.cookies["s"].value
        client.post("/accounts/login/code/confirm/", {"code": code_in(posted()[0])})
        assert client.cookies["s"].value != half_way
        assert not Session.objects.filter(pk=half_way).exists()
    else:
        said = {"chosen_name": "Ash", "username": "ash", "password": PASSWORD}
        client.post("/" + Invitation.renew(ash).link().split("/", 3)[3], said)

    assert is_in(client)
    assert client.cookies["s"].value != PLANTED
    assert not Session.objects.filter(pk=PLANTED).exists()


# --- Bending


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "Forwarded"])
def test_claimed_host_reaches_no_page_or_letter(client, ash, header):
    claimed = {header: "host=evil.example" if header == "Forwarded" else "evil.example"}
    pages = [client.get(path, headers=claimed) for path in ("/", LOGIN, RESET, "/desk/pair/", "/today/")]
    client.post(RESET, {"email": ash.email}, headers=claimed)
    client.post(CODE, {"email": ash.email}, headers=claimed)
    client.cookies.clear()
    client.post(LOGIN, TYPED, headers=claimed)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD}, headers=claimed)
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""}, headers=claimed)
    letters = posted()

    assert len(letters) >= 3
    assert not any("evil" in letter.body + letter.subject for letter in letters)
    assert not any("evil" in page.content.decode() + str(page.headers) for page in pages)


def test_an_unknown_host_gets_nothing(client):
    for path in ("/", LOGIN, "/desk/pair/", "/healthz"):
        answer = client.get(path, headers={"host": "evil.example"})
        assert answer.status_code == 400 or "evil" not in answer.content.decode() + str(answer.headers), path


@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_sent_elsewhere_by_a_next(client, ash, there):
    """Wherever something may be said to come next: signing in each way, once more, out, and choosing a language."""
    asked = {"next": there}
    query = f"?next={there}"
    answers = [
        client.post("/language/", asked | {"language": "en-gb"}),
        client.post(LOGIN + query, TYPED | asked),
        client.get(LOGIN, asked),
        client.post("/accounts/reauthenticate/" + query, {"password": PASSWORD} | asked),
        client.post("/accounts/password/change/" + query, {"oldpassword": "x"} | asked),
        client.get("/accounts/2fa/" + query),
        client.post("/accounts/logout/" + query, asked),
        client.post(CODE + query, {"email": ash.email} | asked),
        client.post("/accounts/login/code/confirm/" + query, {"code": code_in(posted()[0])} | asked),
        client.get(CODE, asked),
    ]
    places = [answer.headers["Location"] for answer in answers if "Location" in answer.headers]

    assert len(places) >= 6
    assert not [place for place in places if "evil" in place.partition("?")[0] or not re.match(r"/(?![/\\])", place)]
    assert not any(re.search(rf'(href|action)="{re.escape(there)}', answer.content.decode()) for answer in answers)


# --- Files


@pytest.mark.parametrize("content", [b"%PDF-1.7 <script>alert(1)</script> %%EOF", b"%PDF-1.7 /JS (app.alert(1)) %%EOF"])
def test_uploaded_file_can_run_nothing(client, content):
    item = an_item(public=True)
    Leaflet.objects.create(item=item).keep_file(content)

    answer = client.get(reverse("hub:literature-file", args=[item.slug]))

    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_every_signed_in_form_needs_csrf():
    """The exceptions are for anybody, set no cookie, and know nobody: ideas go by `hub/ideas/form_tokens.py`."""
    exempt = {name for name, view, _arguments in addresses(get_resolver()) if getattr(view, "csrf_exempt", False)}

    assert exempt == {"hub:language", "hub:ideas", "hub:idea-me-too"}
    assert all(DOORS[name].anonymous != 302 for name in exempt)
