"""The desk's pages in a browser: readable by everyone, on the smallest phone, in the dark, with nothing kept."""

import pytest
from playwright.sync_api import expect

from hub.models import Opening
from supplies.models import Item
from tests.look import axe, scrolls_sideways, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "today, closed": ("/today/", False),
    "today, open": ("/today/", True),
    "desk, closed": ("/desk/", False),
    "desk, open": ("/desk/", True),
    "closing": ("/desk/{}/close/", True),
    "before you start": ("/desk/{}/ready/", True),
    "catching up": ("/desk/catch-up/", True),
    "a sheet typed in": ("/desk/{}/catch-up/", True),
    "a sheet to print": ("/desk/catch-up/sheet/", True),
    "asked for": ("/desk/missing/", True),
    "emergency at the desk": ("/desk/emergency/", True),
    "devices": ("/desk/devices/", True),
    "pairing": ("/desk/pair/", True),
    "setting up": ("/desk/setup/", True),
    "tiles": ("/desk/setup/tiles/", True),
    "a question": ("/desk/setup/questions/topics/", True),
    "ringing": ("/desk/{}/ring/", True),
}


@pytest.mark.parametrize("name", PAGES)
def test_desk_pages_are_for_everyone(name, page_as, live_server, coordinator, demo, console):
    address, is_open = PAGES[name]
    Item.objects.add_default_catalogue()
    if is_open:
        address = address.format(Opening.objects.start(kind=Opening.Kind.UNPLANNED).pk)
    page = page_as(coordinator)
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url + address)

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert console.quiet, (console.messages, console.elsewhere)
    if name == "desk, open":
        tiles = page.locator(".tile")
        where = "all => all.map(tile => [tile.offsetTop, tile.offsetHeight])"
        before = tiles.evaluate_all(where)
        for tile in tiles.all()[:4]:
            tile.locator("button.tile-face").click()
            expect(tile.locator(".tile-less")).to_be_visible()
        assert tiles.evaluate_all(where) == before, "the next one moved away from the finger"
