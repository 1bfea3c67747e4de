"""The desk page: its tiles, and bundles that go out as their parts."""

import gzip
import re
import uuid
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from hub.models import Opening, Visit, VisitItem
from supplies.models import Item
from tests.supplies.makers import an_item

MAX_SCRIPT_BYTES = 25_000


def a_bundle(name, **parts):
    bundle = an_item(name, kind=Item.Kind.BUNDLE, desk_order=1)
    for order, (part, quantity) in enumerate(parts.items()):
        bundle.components.create(item=an_item(part), quantity=quantity, order=order)
    return bundle


def test_the_desk_asks_a_constant_number_of_questions(client, volunteer, sign_in, db, django_assert_num_queries):
    sign_in(client, volunteer)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    for number in range(3):
        an_item(f"Thing {number}", desk_order=number + 1)
        with django_assert_num_queries(10):
            client.get("/desk/")


def test_scripts_of_the_desk_are_small(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    named = re.findall(r'<script src="/static/([^"]+)"', client.get("/desk/").content.decode())

    sizes = {name: len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in named}

    assert {"js/desk.js", "js/more.js", "js/sheets.js"} <= set(sizes)
    assert sum(sizes.values()) <= MAX_SCRIPT_BYTES, sizes


def test_every_thing_on_the_shelf_can_be_logged(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    Item.objects.add_default_catalogue()
    an_item("Old thing", withdrawn=True)
    things = Item.objects.for_visits()
    page = client.get("/desk/").content.decode()

    client.post(
        "/desk/",
        {"people": 1} | {"id": str(uuid.uuid4()), "opening": opening.pk} | {f"item-{it.pk}": 1 for it in things},
    )

    assert {it.pk for it in things} == set(VisitItem.objects.values_list("item", flat=True))
    assert [it.name for it in things if f'data-item="{it.pk}"' not in page] == []
    assert all(len(it.tile_name) <= 24 for it in things)


def test_a_bundle_goes_out_as_its_parts(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    bundle = a_bundle("Starter", Spoon=1, Citric=2)
    assert "1 × Spoon, 2 × Citric" in client.get("/desk/").content.decode()

    client.post("/desk/", {"id": str(uuid.uuid4()), "opening": opening.pk, "people": 1, f"item-{bundle.pk}": "2"})

    taken = Visit.objects.get().items.values_list("item__name", "quantity")
    assert sorted(taken) == [("Citric", 4), ("Spoon", 2)]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("ABC", "1 × A, 1 × B, 1 × C"),
        ("ABCD", "1 × A, 1 × B, 2 other things"),
        ("ABCDE", "1 × A, 1 × B, 3 other things"),
    ],
)
def test_bundle_tile_names_first_parts_and_rest(client, volunteer, sign_in, db, parts, said):
    sign_in(client, volunteer)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    a_bundle("Starter", **dict.fromkeys(parts, 1))

    (tile,) = client.get("/desk/").context["tiles"]

    assert tile.hint == said


def test_part_is_left_out_of_one_bundle(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    bundle = a_bundle("Starter", Spoon=1, Citric=2)
    spoon = Item.objects.get(name="Spoon")
    visit = {"id": str(uuid.uuid4()), "opening": opening.pk, "people": 1, f"item-{bundle.pk}": "2"}

    stranger = client.post("/desk/", visit | {f"without-{bundle.pk}": [str(bundle.pk)]})
    assert (stranger.status_code, Visit.objects.count()) == (422, 0)
    client.post("/desk/", visit | {f"without-{bundle.pk}": [str(spoon.pk)]})

    assert [*Visit.objects.get().items.values_list("item__name", "quantity")] == [("Citric", 4)]


@pytest.mark.browser
def test_part_is_left_out_on_device_once(page_as, live_server, volunteer, console):
    bundle = a_bundle("Starter", Spoon=1, Citric=2)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/")
    left_out = page.locator(f"[data-bundle='{bundle.pk}']")
    expect(left_out).to_be_hidden()

    page.get_by_role("button", name="Starter", exact=False).first.click()
    expect(page.locator("#log-text")).to_have_text("Log visit · 3 items")
    left_out.locator("summary").click()
    left_out.get_by_label("Spoon").check()
    expect(page.locator("#log-text")).to_have_text("Log visit · 2 items")
    page.locator("#log").click()
    expect(page.locator("#sync-text")).to_have_text("All sent")
    expect(left_out).to_be_hidden()

    page.locator("#undo").click()
    expect(left_out.get_by_label("Spoon")).to_be_checked()
    page.locator("#log").click()
    expect(page.locator("#total-visits")).to_have_text("1")
    expect(page.locator("#sync-text")).to_have_text("All sent")

    page.get_by_role("button", name="Starter").first.click()
    expect(page.locator("#log-text")).to_have_text("Log visit · 3 items")
    assert [*VisitItem.objects.values_list("item__name", "quantity")] == [("Citric", 2)]
    assert console.messages == []
