"""Pages of lots: finding one, setting it aside, recalling it, and its notice (views/lots.py)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from playwright.sync_api import expect

from supplies.models import Item, Leaflet, Lot, Recall, Store
from tests.look import axe, scrolls_sideways, small_targets
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_kit, a_lot, an_item, here

pytestmark = pytest.mark.django_db
frozen = pytest.mark.usefixtures("today")

LOTS = reverse("supplies:lots")


@pytest.fixture
def reader(client, somebody, sign_in, let):
    let("supplies.view_item", "supplies.set_aside_lot")
    sign_in(client, somebody)
    return client


@pytest.fixture
def keeper(reader, let):
    let("supplies.recall_lot")
    return reader


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <")).split())


def numbers(response):
    return [lot.number for lot in response.context["page"]]


def at(name, lot):
    return reverse(f"supplies:lot-{name}" if name else "supplies:lot", args=[lot.pk])


@frozen
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["past", "week", "quarter", "aside", "later"]),
        ({"show": "30"}, ["week"]),
        ({"show": "90"}, ["week", "quarter"]),
        ({"show": "past"}, ["past"]),
        ({"show": "aside"}, ["aside"]),
        ({"words": "QUART"}, ["quarter"]),
        ({"words": "foil"}, ["later"]),
        ({"words": "gone"}, ["gone"]),
        ({"words": "gone", "show": "30"}, []),
    ],
)
def test_lots_are_found_by_number_item_and_date(reader, spoon, asked, found):
    days = {"past": -1, "week": 7, "quarter": 90, "aside": 200}
    for number, ahead in days.items():
        a_lot(spoon, 5, number=number, expires_on=TODAY + dt.timedelta(ahead))
    Lot.objects.filter(number="aside").update(quarantined_since=TODAY)
    a_lot(an_item("Foil"), 5, number="later")
    a_lot(spoon, 0, number="gone", expires_on=TODAY + dt.timedelta(8))

    assert numbers(reader.get(LOTS, asked)) == found


@frozen
def test_lots_of_old_editions_are_found_and_flagged(reader, spoon):
    Leaflet.objects.create(item=spoon, edition="3")
    a_lot(spoon, 5, number="2")
    a_lot(spoon, 5, number="3")

    response = reader.get(LOTS, {"show": "old"})

    assert numbers(response) == ["2"]
    assert "Old edition" in words(response)


@frozen
@pytest.mark.parametrize("asked", [{"show": "sold"}, {"words": "x" * 61}, {"words": "\x00"}])
def test_unknown_lot_filter_shows_everything(reader, spoon, asked):
    a_lot(spoon, 5, number="A")

    response = reader.get(LOTS, asked)

    assert response.status_code == 422
    assert "this is everything" in words(response)


@frozen
def test_lots_say_when_there_are_none(reader):
    assert "No lot is on the shelf yet" in words(reader.get(LOTS))
    assert "No such lot" in words(reader.get(LOTS, {"words": "A"}))


@frozen
@pytest.mark.parametrize("rows", [1, 3])
def test_lots_statements(reader, rows, django_assert_num_queries):
    for n in range(rows):
        Leaflet.objects.create(item=an_item(f"Item {n}"))
        a_lot(Item.objects.get(name=f"Item {n}"), 5, number=str(n))

    # Session, person, how many, lots.
    with django_assert_num_queries(4):
        assert len(numbers(reader.get(LOTS))) == rows


@frozen
def test_lot_shows_stores_and_months_of_issue(reader, spoon, store, bag):
    lot = a_lot(spoon, 50, number="A", expires_on=NEXT_YEAR)
    Item.objects.move_stock({spoon.pk: 10}, source=store, destination=bag)
    Item.objects.issue({spoon.pk: 7}, month=APRIL)
    Item.objects.complete_month(APRIL)
    Item.objects.issue({spoon.pk: 3}, month=MAY)

    text = words(reader.get(at("", lot)))

    assert "Where it is Cupboard 30 some Outreach bag 10 some" in text
    assert "When it went out May 2026 3 some April 2026 7 some" in text
    assert "not who had it, and not on which evening" in text


@frozen
def test_desk_can_quarantine_but_not_release(reader, spoon):
    lot = a_lot(spoon, 5, number="A")

    reader.post(at("set-aside", lot))
    reader.post(at("set-aside", lot))

    lot.refresh_from_db()
    assert lot.quarantined_since == TODAY
    assert "Set aside since 20 May 2026" in words(reader.get(at("", lot)))
    assert reader.post(at("release", lot)).status_code == 403
    assert reader.get(at("recall", lot)).status_code == 403


@frozen
def test_a_lot_is_released(keeper, spoon):
    lot = a_lot(spoon, 5, number="A", quarantined_since=TODAY)

    keeper.post(at("release", lot))

    lot.refresh_from_db()
    assert lot.quarantined_since is None


@frozen
def test_recall_shows_stock_and_asks_reason(keeper, spoon, store):
    lot = a_lot(spoon, 5, number="A")
    a_kit(of=[(spoon, 1)]).assemble(2)
    before = words(keeper.get(at("recall", lot)))
    assert "Cupboard 3" in before
    assert "in Pack, lot P260520-1 2" in before

    refused = keeper.post(at("recall", lot), {"reason": " "})

    assert refused.status_code == 422
    assert here(spoon) == {"A": 3}


@frozen
def test_recall_happens_once_and_can_be_undone(keeper, spoon, store):
    lot = a_lot(spoon, 5, number="A")
    for _ in range(2):
        keeper.post(at("recall", lot), {"reason": "Maker's notice 7"})
    text = words(keeper.get(at("", lot)))
    assert (here(spoon), Recall.objects.count()) == ({}, 1)
    assert "Recalled on 20 May 2026 Maker&#x27;s notice 7" in text
    refused = keeper.post(at("release", lot))
    assert (refused.status_code, "It is recalled" in words(refused)) == (409, True)

    for _ in range(2):
        keeper.post(reverse("supplies:recall-take-back", args=[Recall.objects.get().pk]))

    assert here(spoon) == {"A": 5}
    assert "cancelled on 20 May 2026" in words(keeper.get(at("", lot)))
    assert keeper.get(at("notice", lot)).status_code == 404


@frozen
def test_recall_notice_names_lots_and_no_person(reader, spoon, another):
    lot = a_lot(spoon, 5, number="A", expires_on=NEXT_YEAR)
    Recall.objects.pull(lot, reason="Maker's notice 7", by=another)

    text = words(reader.get(at("notice", lot)))

    assert "Please don’t use these Spoon lot A use by 20 May 2027" in text
    assert "Another" not in text


@frozen
@pytest.mark.parametrize("rows", [1, 3])
def test_lot_statements(keeper, spoon, store, bag, rows, django_assert_num_queries):
    lot = a_lot(spoon, 50, number="A")
    pack = a_kit(of=[(spoon, 1)])
    for n in range(rows):
        pack.assemble(1)
        Item.objects.issue({spoon.pk: 1}, month=[MAY, APRIL, APRIL][n])
        Recall.objects.pull(lot, reason="A doubt").undo()

    # Session, person, lot, it and its packs, stores, standing, out by sealed months, out by open ones, recalls.
    with django_assert_num_queries(9):
        assert keeper.get(at("", lot)).status_code == 200


@pytest.mark.browser
def test_recalling_a_lot_on_a_phone(page_as, live_server, coordinator, demo, console):
    Store.objects.create(name="Cupboard", order=1)
    spoon = an_item("Spoon")
    lot = a_lot(spoon, 40, number="SP-4711", expires_on=NEXT_YEAR)
    page = page_as(coordinator)
    page.goto(f"{live_server.url}/stock/")
    page.get_by_role("link", name="Lots", exact=True).click()
    page.get_by_label("Lot number or item").fill("4711")
    page.get_by_role("link", name="SP-4711").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("SP-4711")
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_role("link", name="Recall it").click()
    expect(page.get_by_label("Why")).to_be_visible()
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_label("Why").fill("The maker says the seal is bad: notice 7")
    page.get_by_role("button", name="Recall it now").click()
    expect(page.get_by_text("None of it is here.")).to_be_visible()
    assert here(spoon) == {}
    page.get_by_role("link", name="Notice for the wall").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please don’t use these")
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.go_back()
    page.get_by_role("button", name="Cancel the recall").click()
    expect(page.get_by_role("button", name="Set it aside")).to_be_visible()
    assert here(spoon) == {lot.number: 40}
    assert console.quiet
