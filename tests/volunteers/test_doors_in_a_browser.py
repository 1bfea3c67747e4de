"""The doors as people see them: a passkey, and every page in both themes on a phone and a laptop."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.look import axe, scrolls_sideways, small_targets, storage
from volunteers.models import Invitation, Qualification, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone_with_a_passkey(page):
    """The browser has a fingerprint reader that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def test_passkey_is_set_up_and_signs_in(page, live_server, coordinator, console, phone_with_a_passkey, settings):
    home = live_server.url.replace("127.0.0.1", "localhost")
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page.goto(f"{home}/accounts/login/")
    page.get_by_label("Sign-in name or e-mail").fill("mo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{home}/accounts/2fa/")

    page.get_by_role("link", name="Add one").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Sign in with it alone, without a password").check()
    page.get_by_role("button", name="Add").click()
    expect(page).to_have_url(f"{home}/accounts/2fa/recovery-codes/")
    page.goto(f"{home}/people/")
    expect(page.get_by_role("heading", name="People")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{home}/people/")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    assert console.messages == []


def test_inviting_and_coming_in_without_javascript(browser, live_server, page_as, admin, settings):
    settings.DEMO = True
    settings.SITE_URL = live_server.url
    host = page_as(admin)
    host.goto(f"{live_server.url}/people/invite/")
    host.get_by_label("What people call them").fill("Wren")
    host.get_by_label("Volunteer", exact=True).check()
    host.get_by_role("button", name="Make the invitation").click()
    link = host.get_by_label("The link", exact=True).input_value()

    with browser.new_context(java_script_enabled=False) as guest:
        page = guest.new_page()
        page.goto(link)
        page.get_by_label("Password").fill("a very long one")
        page.get_by_role("button", name="Come in").click()
        expect(page).to_have_url(f"{live_server.url}/today/")
        page.goto(link)
        expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()

    assert User.objects.get(username="wren").role_names == {"volunteer"}


@pytest.fixture
def places(admin, coordinator, volunteer, settings):
    """Every page of the doors, by name, with something on it."""
    settings.DEMO = True
    keys = Qualification.objects.create(name="Keyholder", slug="keyholder")
    volunteer.grant(keys, by=coordinator, reason="Shown the alarm in spring")
    volunteer.contact, volunteer.access_needs = "07700 900123", "A chair with a back"
    volunteer.save()
    wren = Invitation.objects.invite("Wren", by=admin, roles=["volunteer"])
    return {
        "people": "/people/",
        "person": reverse("volunteers:person", args=[volunteer.pk]),
        "invite": "/people/invite/",
        "me": "/people/me/",
        "second-step": "/accounts/2fa/",
        "e-mail": "/accounts/email/",
        "password": "/accounts/password/change/",
        "login": "/accounts/login/",
        "code": "/accounts/login/code/",
        "reset": "/accounts/password/reset/",
        "accept": Invitation.objects.get(pk=wren.pk).link().removeprefix(settings.SITE_URL),
        "dead": "/people/invitations/dead/",
    }


BEFORE_SIGNING_IN = ("login", "code", "reset", "accept", "dead")


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_doors_look_right(page, page_as, live_server, admin, console, places, scheme, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for name, path in sorted(places.items(), key=lambda place: place[0] not in BEFORE_SIGNING_IN):
        if name not in BEFORE_SIGNING_IN:
            page_as(admin)
        page.goto(live_server.url + path)
        findings = {
            "axe": axe(page),
            "small": small_targets(page),
            "wide": scrolls_sideways(page),
            "kept": storage(page),
        }
        if any(findings.values()):
            wrong[name] = findings

    assert not wrong, wrong
    assert [message for message in console.messages if "410" not in message] == []
    assert console.elsewhere == []


def test_doors_fit_a_small_phone(page_as, live_server, admin, places):
    page = page_as(admin)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = []
    for name, path in places.items():
        page.goto(live_server.url + path)
        if scrolls_sideways(page):
            wide.append(name)

    assert wide == []


def test_search_finds_while_one_types(page_as, live_server, admin, places):
    page = page_as(admin)
    page.goto(f"{live_server.url}/people/")
    page.get_by_label("Name").press_sequentially("wre")

    expect(page.locator("#results-count")).to_have_text("1 person")
    expect(page.get_by_role("link", name="Wren")).to_be_visible()
    assert page.url == f"{live_server.url}/people/", "a name never stands in an address"
