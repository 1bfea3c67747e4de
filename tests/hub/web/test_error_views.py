"""Pages that say something went wrong: warm, plain, and without a word of what was asked."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.html import escape

from hub.directory.default_emergency_cards import STARTING_CARDS
from tests.look import axe, scrolls_sideways, small_targets
from tests.pseudo import MIRRORED, bring, disguised
from volunteers.templatetags.locality import with_number

SECRET = "kettle-and-toast"
PAGES = [
    ("forbidden/", 403, "Not for your role"),
    ("garbled/", 400, "That didn’t arrive in one piece"),
    ("broken/", 500, "Something broke"),
    ("nowhere/", 404, "There is nothing here"),
    ("away/", 503, "We cannot reach our database"),
]


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = "tests.hub.broken"


@pytest.fixture
def calm():
    """A client that is answered, as a browser is, when a view breaks."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("path", "status", "words"), PAGES)
def test_error_page_says_what_happened_to_a_stranger(calm, db, path, status, words):
    response = calm.get(f"/{path}", {"q": SECRET})

    assert response.status_code == status
    page = response.content.decode()
    assert words in page
    assert SECRET not in page
    assert path not in page
    assert "Traceback" not in page


def test_broken_page_helps_a_stranger_too(calm, db):
    page = calm.get("/broken/").content.decode()

    assert "data-leave" in page
    assert 'href="/"' in page.partition("<main")[2]
    assert 'href="tel:999"' in page, "the cards would ask them to sign in"


# The page for a garbled request is made without knowing who asks.
@pytest.mark.parametrize("path", ["forbidden/", "broken/", "nowhere/"])
def test_error_page_keeps_emergency_within_one_tap(calm, sign_in, volunteer, path):
    sign_in(calm, volunteer)

    assert 'href="/emergency/"' in calm.get(f"/{path}").content.decode()


def test_csrf_error_page_says_nothing_changed(volunteer, sign_in):
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, volunteer)

    response = strict.post("/accounts/logout/", {"next": SECRET})

    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_error_page_needs_no_database(template):
    # Without the `db` fixture any query would fail this test.
    assert "<h1>" in render_to_string(template)


def test_offline_page_has_all_overdose_steps(calm, db):
    """It names the next card, so that one has to be there too."""
    page = calm.get("/away/").content.decode()

    for card in STARTING_CARDS:
        assert all((escape(with_number(step)) in page) is card.first for step in card.steps)
    assert "the next card" in page


def test_offline_page_explains_what_was_sent(calm, db):
    asked, sent = (ask("/away/").content.decode() for ask in (calm.get, calm.post))

    for said, of_what in (("nothing is lost", asked), ("Go back in your browser and send it again.", sent)):
        assert [page for page in (asked, sent) if said in page] == [of_what]


def test_page_without_the_database_is_in_one_language(calm, db, monkeypatch, settings):
    bring(monkeypatch, settings)
    calm.cookies["l"] = MIRRORED

    page = calm.get("/away/").content.decode()

    assert f'<html lang="{MIRRORED}" dir="rtl">' in page
    assert disguised("Back in a moment", MIRRORED) in page


@pytest.mark.browser
@pytest.mark.parametrize("path", [path for path, _status, _words in PAGES])
def test_error_page_looks_right_on_a_small_phone(page, live_server, console, path):
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{live_server.url}/{path}")

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    # The browser itself remarks on the status, and on nothing else.
    assert [message for message in console.messages if "Failed to load resource" not in message] == []
    assert console.elsewhere == []
