"""An idea from a borrowed phone to an answer everybody reads, in two languages nobody speaks."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from hub.models import Idea
from tests.conftest import PHONE
from tests.look import Console, axe, scrolls_sideways, small_targets, storage
from tests.pseudo import ACCENTED, MIRRORED, bring, disguised
from tests.volunteers.rota_world import grant

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
WORDS = "A hot shower"


@pytest.fixture
def brought(transactional_db, monkeypatch, settings):
    bring(monkeypatch, settings)
    # A script types faster than anybody.
    monkeypatch.setattr("hub.ideas.form_tokens.MIN_TOKEN_AGE", dt.timedelta(0))


@pytest.fixture
def somebody_new(browser, live_server, browser_context_args, request, sign_in):
    """A browser of its own, this wide; of somebody signed in, if somebody is named."""
    from django.test import Client  # noqa: PLC0415 -- settings are ready by now

    def come(width, person=None):
        context = browser.new_context(**browser_context_args | {"viewport": PHONE | {"width": width}})
        request.addfinalizer(context.close)
        if person:
            client = Client()
            sign_in(client, person)
            context.add_cookies(
                [
                    {"name": name, "value": cookie.value, "url": live_server.url}
                    for name, cookie in client.cookies.items()
                ]
            )
        return context.new_page()

    return come


def looks_right(page, *schemes):
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        assert (page.url, axe(page)) == (page.url, [])
    assert (page.url, small_targets(page), scrolls_sideways(page)) == (page.url, [], False)


def choose(page, name, code):
    page.get_by_role("button", name=disguised(name, code), exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", code)
    page.wait_for_load_state()


def press(page, label, code):
    page.get_by_role("button", name=disguised(label, code)).first.click()


def edges(page, selector):
    box = page.locator(selector).first.bounding_box()
    return box["x"], box["x"] + box["width"]


def test_idea_is_submitted_moderated_answered_seen(brought, somebody_new, live_server, volunteer, coordinator):
    visitor = somebody_new(320)
    console = Console(visitor, live_server.url)
    visitor.goto(f"{live_server.url}/ideas/")
    assert visitor.context.cookies() == []
    choose(visitor, "Mirrored", MIRRORED)
    expect(visitor.locator("html")).to_have_attribute("dir", "rtl")
    # Everything begins on the right: the brand, the words, the button; the way out is on the left.
    assert edges(visitor, ".brand")[0] > edges(visitor, "[data-leave]")[1]
    assert edges(visitor, "h1")[1] > 300
    assert edges(visitor, "#say-it")[1] - edges(visitor, "form .button")[1] < 20
    looks_right(visitor, "light", "dark")
    visitor.get_by_label(disguised("What do you need, or what should change?", MIRRORED)).fill(WORDS)
    press(visitor, "Send", MIRRORED)
    expect(visitor.get_by_role("heading", name=disguised("Thank you", MIRRORED))).to_be_visible()
    looks_right(visitor, "dark")
    assert [cookie["name"] for cookie in visitor.context.cookies()] == ["l"]
    assert storage(visitor) == []

    looker = somebody_new(1280, grant(volunteer, "school-done"))
    looker.goto(f"{live_server.url}/ideas/held/")
    choose(looker, "Accented", ACCENTED)
    looks_right(looker, "light")
    looker.get_by_role("link", name=disguised("Look at it", ACCENTED)).click()
    looks_right(looker, "dark")
    press(looker, "Let everybody read it", ACCENTED)
    expect(looker.get_by_text(disguised("Everybody can read it now.", ACCENTED))).to_be_visible()

    answerer = somebody_new(1280, coordinator)
    answerer.goto(f"{live_server.url}/ideas/{Idea.objects.get().pk}/")
    choose(answerer, "Accented", ACCENTED)
    answerer.get_by_label(disguised("we can’t, and why", ACCENTED)).check()
    press(answerer, "Answer in public", ACCENTED)
    expect(answerer.locator(".errors")).to_be_focused()
    looks_right(answerer, "light", "dark")
    answerer.get_by_label(disguised("doing it", ACCENTED), exact=True).check()
    answerer.get_by_label(disguised("What we say to it", ACCENTED)).fill("Next week")
    press(answerer, "Answer in public", ACCENTED)
    expect(answerer.get_by_text("Next week")).to_be_visible()

    visitor.goto(f"{live_server.url}/ideas/")
    expect(visitor.get_by_text("Next week")).to_be_visible()
    looks_right(visitor, "light")
    press(visitor, "Me too", MIRRORED)
    expect(visitor.get_by_text(disguised("Counted. Thank you.", MIRRORED))).to_be_visible()
    assert Idea.objects.get().me_too == 1
    assert console.quiet
