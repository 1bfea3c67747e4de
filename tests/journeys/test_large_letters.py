"""Letters twice as large, on the smallest phone: everything is still one column, read from top to bottom."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from hub.models import Opening
from tests.look import crowded, scrolls_sideways
from tests.project.test_public_pages import NOT_KEPT, PAGES
from volunteers.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo")]

VOLUNTEERS = ("/today/", "/desk/", "/emergency/", "/rota/", "/rota/mine/", "/people/me/", "/stock/moves/")


def too_wide(page, server, paths):
    page.set_viewport_size({"width": 320, "height": 844})
    for path in paths:
        page.goto(f"{server.url}{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if scrolls_sideways(page):
            yield path


def test_no_page_is_wider_than_its_window(page, live_server, page_as):
    call_command("demo")
    assert list(too_wide(page, live_server, PAGES + NOT_KEPT)) == []

    Opening.objects.start(kind=Opening.Kind.EVENT)
    page_as(User.objects.get(username="volunteer"))
    assert list(too_wide(page, live_server, VOLUNTEERS)) == []


# An ellipsis is enough where a tap, or the name that is read out, gives the whole.
SHORTENED = "summary, button[aria-label], .tile small, #active-name"
SHEETS = ("Emergency", "Naloxone given", "Overdose reversed", "Strip result", "Asked for, not here")


@pytest.mark.parametrize("width", [320, 390, 810])
def test_desk_in_large_letters_is_whole(live_server, page_as, width):
    call_command("demo")
    Opening.objects.start(kind=Opening.Kind.EVENT)
    page = page_as(User.objects.get(username="volunteer"))
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}/desk/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert crowded(page, SHORTENED) == []
    for tile in (1, 3):
        page.locator("#visit .tile-face").nth(tile).click()
    assert crowded(page, SHORTENED) == [], "tapped"
    page.locator("#log").click()
    expect(page.locator("#said-text")).to_contain_text("Logged")
    assert crowded(page, SHORTENED) == [], "logged"
    for name in SHEETS:
        page.get_by_role("link", name=name).first.click()
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert crowded(page, SHORTENED) == [], name
        page.keyboard.press("Escape")
