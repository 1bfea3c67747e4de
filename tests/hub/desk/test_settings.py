"""Setting up the desk: the checklist, the tiles, and what was asked for and not there."""

import datetime as dt
import uuid

import pytest
import time_machine
from playwright.sync_api import expect

from hub.models import DeskSettings, Opening, Visit, VisitItem
from supplies.models import Item, Shortfall, Wish
from tests.supplies.makers import an_item

SETUP, TILES, MISSING = "/desk/setup/", "/desk/setup/tiles/", "/desk/missing/"


@pytest.fixture
def set_up(client, coordinator, sign_in, demo):
    sign_in(client, coordinator)
    return client


def a_bundle(name, **parts):
    bundle = an_item(name, kind=Item.Kind.BUNDLE, desk_order=1)
    for order, (part, quantity) in enumerate(parts.items()):
        bundle.components.create(item=an_item(part), quantity=quantity, order=order)
    return bundle


def test_the_checklist_starts_with_four_things_and_is_the_hubs_own(set_up):
    assert len(DeskSettings.current().steps) == 4

    set_up.post(SETUP, {"checklist": "One\n\n Two "})
    assert DeskSettings.current().steps == ["One", "Two"]
    set_up.post(SETUP, {"checklist": ""})
    assert DeskSettings.current().steps == []
    assert set_up.post(SETUP, {"checklist": "a" * 1201}).status_code == 422


def test_tiles_take_the_places_they_are_given(set_up):
    spoon, foil, swab = an_item("Spoon", desk_order=1), an_item("Foil"), an_item("Swab", desk_order=2)
    places = {f"order-{spoon.pk}": "", f"order-{foil.pk}": "5", f"order-{swab.pk}": "9"}
    taps = {f"tap-{spoon.pk}": "1", f"tap-{foil.pk}": "10", f"tap-{swab.pk}": "1"}

    assert set_up.post(TILES, places | taps).status_code == 302

    assert [(item.name, item.desk_tap) for item in Item.objects.on_the_desk()] == [("Foil", 10), ("Swab", 1)]
    for wrong in ({f"tap-{foil.pk}": "0"}, {f"tap-{foil.pk}": ""}, {f"order-{foil.pk}": "1000"}):
        assert set_up.post(TILES, places | taps | wrong).status_code == 422
    assert [item.name for item in Item.objects.on_the_desk()] == ["Foil", "Swab"]


def test_the_desk_asks_a_constant_number_of_questions(client, volunteer, sign_in, db, django_assert_num_queries):
    sign_in(client, volunteer)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    for number in range(3):
        an_item(f"Thing {number}", desk_order=number + 1)
        with django_assert_num_queries(8):
            client.get("/desk/")


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
def test_a_tile_says_the_first_parts_of_a_bundle_and_how_many_others(client, volunteer, sign_in, db, parts, said):
    sign_in(client, volunteer)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    a_bundle("Starter", **dict.fromkeys(parts, 1))

    ((_item, _field, hint),) = client.get("/desk/").context["tiles"]

    assert hint == said


def test_a_part_can_be_left_out_of_a_bundle_and_only_of_that_one(client, volunteer, sign_in, db):
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
def test_a_part_is_left_out_on_a_device_for_one_visit(page_as, live_server, volunteer, console):
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


def test_what_was_asked_for_and_not_there_counts_once_by_the_month(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    spoon, wish = an_item("Spoon"), Wish.objects.create(name="Pipes")
    asked = {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out"}

    for _time in range(2):
        assert client.post(MISSING, asked).status_code == 302
    client.post(MISSING, {"key": str(uuid.uuid4()), "thing": f"wish-{wish.pk}", "reason": "law"})

    rows = Shortfall.objects.values_list("item__name", "wish__name", "reason", "number")
    assert {*rows} == {("Spoon", None, "out", 1), (None, "Pipes", "law", 1)}


@pytest.mark.parametrize("wrong", [{"thing": "item-999999"}, {"thing": ""}, {"reason": "mood"}, {"key": "x"}])
def test_what_is_no_shortfall_is_refused(client, volunteer, sign_in, db, wrong):
    sign_in(client, volunteer)
    spoon = an_item("Spoon")
    asked = {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out", **wrong}

    assert client.post(MISSING, asked).status_code == 422
    assert not Shortfall.objects.exists()


def test_what_was_counted_by_mistake_is_taken_back_once(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    spoon = an_item("Spoon")
    for _time in range(2):
        client.post(MISSING, {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out"})

    assert "You can take it back" in client.get(MISSING).content.decode()
    said = [client.post(f"{MISSING}undo/", follow=True).content.decode() for _time in range(2)]

    assert ["There is nothing to undo any more." in page for page in said] == [False, True]
    assert Shortfall.objects.get().number == 1
    client.post(MISSING, {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out"})
    Shortfall.objects.all().delete()
    assert "That was undone already." in client.post(f"{MISSING}undo/", follow=True).content.decode()
    assert "You can take it back" not in client.get(MISSING).content.decode()


@pytest.fixture
def sent(client, volunteer, sign_in, db):
    """Send what a device kept: `sent(thing=…)`; what it became."""
    sign_in(client, volunteer)
    spoon = an_item("Spoon")

    def send(**said):
        said = {"id": str(uuid.uuid4()), "evening": "2026-05-20", "thing": f"item-{spoon.pk}", "reason": "out"} | said
        answer = client.post(f"{MISSING}sent/", said, content_type="application/json")
        return answer.status_code, answer.json()["results"][said["id"] or "None"]

    with time_machine.travel("2026-05-20 18:30 +0100", tick=False):
        yield send


def test_what_a_device_kept_counts_once_and_in_the_month_of_its_evening(sent):
    key = str(uuid.uuid4())

    assert [sent(id=key, evening="2026-04-30") for _time in range(2)] == [(200, {"status": "created"})] * 2
    assert sent() == (200, {"status": "created"})

    rows = Shortfall.objects.order_by("month").values_list("month", "number")
    assert [*rows] == [(dt.date(2026, 4, 1), 1), (dt.date(2026, 5, 1), 1)]


@pytest.mark.parametrize("order", [(False, True), (True, False), (False, True, True, False)])
def test_what_a_device_undid_is_not_counted_in_whatever_order_it_comes(sent, order):
    key = str(uuid.uuid4())

    assert [sent(id=key, void=void)[0] for void in order] == [200] * len(order)

    assert not Shortfall.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"thing": "item-999999"}, "That is not on our list any more. Load the page again; nothing was counted."),
        ({"thing": ["item-1"]}, "That is not on our list any more. Load the page again; nothing was counted."),
        ({"reason": "mood"}, "We couldn't read that. Nothing was changed."),
        ({"id": "x"}, "We couldn't read that. Nothing was changed."),
        ({"evening": "tonight"}, "We couldn't read that. Nothing was changed."),
        ({"evening": "2026-05-21"}, "That evening has not come yet. Is the date on this device right?"),
        ({"evening": "2026-04-24"}, "That evening is too long ago."),
    ],
)
def test_what_a_device_kept_and_cannot_count_is_refused_with_a_reason(sent, wrong, why):
    assert sent(**wrong) == (422, {"status": "refused", "why": why})
    assert not Shortfall.objects.exists()


@pytest.mark.parametrize("body", ["[]", "no", "{}", "1"])
def test_what_is_nothing_a_device_keeps_changes_nothing(client, volunteer, sign_in, db, body):
    sign_in(client, volunteer)

    assert client.post(f"{MISSING}sent/", body, content_type="application/json").status_code == 422
    assert not Shortfall.objects.exists()
