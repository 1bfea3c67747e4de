"""Pages of an item and of its kit (views/items.py, views/kits.py)."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from supplies.models import Delivery, Item, Leaflet, Movement
from supplies.views.items import PAGE_SIZE
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_kit, a_lot, an_item, here

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

EVERYTHING = ("view_item", "count_stock", "move_stock", "waste_stock", "receive_delivery")


@pytest.fixture
def keeper(client, somebody, sign_in, let):
    """A browser of somebody who may do everything here but see who signed what."""
    let(*(f"supplies.{may}" for may in EVERYTHING))
    sign_in(client, somebody)
    return client


def page(item):
    return reverse("supplies:item", args=[item.slug])


def address(name, item):
    return reverse(f"supplies:item-{name}", args=[item.slug])


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <")).split())


def test_item_shows_stock_by_store_and_lot(keeper, spoon, store, bag):
    a_lot(spoon, 30, number="A", expires_on=NEXT_YEAR)
    a_lot(spoon, 5, number="old", expires_on=TODAY - dt.timedelta(1))
    Item.objects.move_stock({spoon.pk: 10}, source=store, destination=bag)
    Item.objects.issue({spoon.pk: 4}, month=MAY)

    text = words(keeper.get(page(spoon)))

    assert "31 some Fine 5 past their date or set aside" in text
    assert "Lot old use by 19 May 2026 Past its date 5 Cupboard 5" in text
    assert "Lot A use by 20 May 2027 26 Cupboard 16 · Outreach bag 10" in text


def test_item_below_zero_asks_for_a_count(keeper, spoon):
    Item.objects.issue({spoon.pk: 4}, month=MAY)

    text = words(keeper.get(page(spoon)))

    assert "-4 some Below zero: please count" in text
    assert "Lot not known -4" in text


def test_item_ledger_ends_at_what_is_on_hand(keeper, spoon):
    spoon.receive(100, lot_number="A", reason="late box")
    Item.objects.issue({spoon.pk: 30}, month=APRIL)
    Item.objects.complete_month(APRIL)
    Item.objects.issue({spoon.pk: 7}, month=MAY)

    text = words(keeper.get(page(spoon)))

    assert "Since then Given out, in months not closed yet −7 63" in text
    assert "20 May 2026 received – late box lot A +100 70" in text
    assert "Apr 2026 given out lot A −30 -30" in text


def test_item_ledger_leads_to_older_and_newer(keeper, spoon):
    for _number in range(2 * PAGE_SIZE + 1):
        spoon.receive(1, lot_number="A")

    first, second, third = (keeper.get(page(spoon), {"page": number}).content.decode() for number in (1, 2, 3))

    links = re.findall(r'rel="(prev|next)" href="\?page=(\d)">(.*?)</a>', second, re.DOTALL)
    assert [(rel, number, strip_tags(said).strip()) for rel, number, said in links] == [
        ("prev", "1", "Newer"),
        ("next", "3", "Older"),
    ]
    assert ("Older" in first, "Newer" in first) == (True, False)
    assert ("Older" in third, "Newer" in third) == (False, True)


def test_item_ledger_shows_authors_by_permission(keeper, spoon, another, let):
    spoon.receive(10, by=another)

    assert "Another" not in words(keeper.get(page(spoon)))
    let("supplies.view_movement")
    assert "Another" in words(keeper.get(page(spoon)))


def test_item_shows_use_since_it_exists(keeper, spoon):
    assert "None has gone out" in words(keeper.get(page(spoon)))
    Item.objects.issue({spoon.pk: 3}, month=APRIL)
    Item.objects.issue({spoon.pk: 4}, month=MAY)

    response = keeper.get(page(spoon))

    assert "7 some went out since April 2026." in words(response)
    assert response.context["year"]["rows"] == [("Apr 2026", "3"), ("May 2026", "4")]


def test_item_counts_known_empty_month_as_zero(keeper, spoon, store):
    Movement.objects.create(kind="received", item=spoon, store=store, quantity=9, made_on="2026-02-03")
    Item.objects.issue({spoon.pk: 3}, month=APRIL)

    rows = keeper.get(page(spoon)).context["year"]["rows"]

    assert rows == [("Feb 2026", "0"), ("Mar 2026", "0"), ("Apr 2026", "3"), ("May 2026", "0")]


def test_item_that_is_no_item_is_not_found(keeper, spoon):
    assert keeper.get("/stock/items/nothing/").status_code == 404
    for name in ("count", "waste", "assemble", "take-apart"):
        assert keeper.get(reverse(f"supplies:item-{name}", args=["nothing"])).status_code == 404


def test_bundle_has_a_page_and_is_never_counted(keeper, spoon):
    bundle = a_kit("Set", kind="bundle", of=[(spoon, 2)])

    text = words(keeper.get(page(bundle)))

    assert "What goes into one Spoon 2" in text
    assert "Ledger" not in text
    assert keeper.get(address("count", bundle)).status_code == 404


def test_withdrawn_item_in_stock_says_what_to_do(keeper, spoon):
    a_lot(spoon, 5)
    Item.objects.update(withdrawn=True)

    assert "some of it is still here" in words(keeper.get(page(spoon)))


@pytest.mark.parametrize("rows", [1, 3])
def test_item_statements(keeper, spoon, store, bag, rows, django_assert_num_queries):
    Leaflet.objects.create(item=spoon)
    for n in range(rows):
        spoon.receive(10, lot_number=f"L{n}")
        Item.objects.move_stock({spoon.pk: 1}, source=store, destination=bag)
        a_kit(f"Kit {n}", of=[(spoon, 1)])
        Item.objects.issue({spoon.pk: 1}, month=MAY)

    # Session, person, item, standing, stores, lots, kits, first day, use, ledger's size, ledger.
    with django_assert_num_queries(11):
        assert keeper.get(page(spoon)).status_code == 200


# Counting one item


def test_counting_item_corrects_every_store(keeper, spoon, store, bag, somebody):
    lot = a_lot(spoon, 10, number="A")
    Item.objects.move_stock({spoon.pk: 4}, source=store, destination=bag)
    form = keeper.get(address("count", spoon))
    assert "10" not in strip_tags(str(form.context["form"]))

    response = keeper.post(address("count", spoon), {f"{lot.pk}-{store.pk}": 5, f"{lot.pk}-{bag.pk}": 6}, follow=True)

    assert "The records were wrong in 2 places" in response.content.decode()
    assert (here(spoon, store), here(spoon, bag)) == ({"A": 5}, {"A": 6})
    rows = Movement.objects.filter(kind="counted")
    assert {row.by for row in rows} == {somebody}
    assert len({row.act for row in rows}) == 1


def test_empty_count_is_skipped_and_zero_counts(keeper, spoon, store):
    first, second = a_lot(spoon, 3, number="A"), a_lot(spoon, 4, number="B")

    keeper.post(address("count", spoon), {f"{first.pk}-{store.pk}": 0, f"{second.pk}-{store.pk}": ""})

    assert here(spoon) == {"B": 4}


def test_counting_item_settles_unknown_lot_issues(keeper, spoon, store):
    lot = a_lot(spoon, 3, number="A")
    Item.objects.issue({spoon.pk: 8}, month=MAY)

    # The lot is empty in the books, and so it is found again as what is in no lot.
    response = keeper.get(address("count", spoon))
    assert list(response.context["form"].fields) == [f"0-{store.pk}"]
    keeper.post(address("count", spoon), {f"0-{store.pk}": 2})

    assert here(spoon) == {None: 2}
    assert lot.pk


@pytest.mark.parametrize("number", ["", "-1", "1.5", "many", "1000001", "9" * 40, "\x00"])
def test_absurd_item_count_is_refused_and_kept(keeper, spoon, store, number):
    lot = a_lot(spoon, 3, number="A")

    response = keeper.post(address("count", spoon), {f"{lot.pk}-{store.pk}": number})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert here(spoon) == {"A": 3}


def test_counting_absent_item_needs_no_store(keeper):
    item = an_item("Foil")

    response = keeper.get(address("count", item))

    assert len(response.context["form"].fields) == 1


# Throwing away, receiving, undoing


def test_wasting_takes_from_chosen_lot_and_store(keeper, spoon, store, bag):
    lot = a_lot(spoon, 10, number="A")
    Item.objects.move_stock({spoon.pk: 4}, source=store, destination=bag)

    response = keeper.post(address("waste", spoon), {"spot": f"{lot.pk}-{bag.pk}", "quantity": 3, "reason": "wet"})

    assert response.status_code == 302
    assert (here(spoon, store), here(spoon, bag)) == ({"A": 6}, {"A": 1})


@pytest.mark.parametrize(
    "said", [{}, {"spot": "0-0", "quantity": 1}, {"quantity": 0}, {"quantity": 11}, {"quantity": "\x00"}]
)
def test_throwing_away_what_is_not_there_is_said(keeper, spoon, store, said):
    lot = a_lot(spoon, 10, number="A")

    response = keeper.post(address("waste", spoon), {"spot": f"{lot.pk}-{store.pk}"} | said)

    assert response.status_code == 422
    assert here(spoon) == {"A": 10}


def test_some_has_come_begins_a_delivery_with_it(keeper, spoon):
    response = keeper.post(address("receive", spoon))

    delivery = Delivery.objects.get()
    assert response.headers["Location"] == f"/stock/deliveries/{delivery.pk}/lines/new/?item={spoon.pk}"
    assert keeper.get(response.headers["Location"]).status_code == 200


def test_an_act_is_undone_from_the_ledger_once(keeper, spoon):
    lot = a_lot(spoon, 10, number="A")
    spoon.waste(4, lot=lot)
    act = Movement.objects.get(kind="wasted").act
    assert "Undo" in words(keeper.get(page(spoon)))

    first, second = (keeper.post(reverse("supplies:act-undo", args=[act]), follow=True) for _ in range(2))

    assert "A new line in the records cancels it." in first.content.decode()
    assert "That is already undone." in second.content.decode()
    assert "Undo" not in words(second)
    assert here(spoon) == {"A": 10}


def test_undoing_what_cannot_be_says_why(keeper, spoon, store, bag):
    a_lot(spoon, 10, number="A")
    act = Item.objects.move_stock({spoon.pk: 4}, source=store, destination=bag)
    Item.objects.issue({spoon.pk: 4}, month=MAY, store=bag)

    response = keeper.post(reverse("supplies:act-undo", args=[act]))

    assert response.status_code == 409
    assert "Some of it is no longer there" in words(response)
    assert keeper.post(reverse("supplies:act-undo", args=[uuid.uuid4()])).status_code == 404


def test_undoing_asks_for_the_right_to_do_it(client, somebody, sign_in, let, spoon):
    let("supplies.view_item", "supplies.count_stock")
    sign_in(client, somebody)
    spoon.waste(1, lot=a_lot(spoon, 10))
    act = Movement.objects.get(kind="wasted").act

    assert "Undo" not in words(client.get(page(spoon)))
    assert client.post(reverse("supplies:act-undo", args=[act])).status_code == 403


# Packs


def test_making_packs_up_and_taking_them_apart(keeper, spoon):
    a_lot(spoon, 10, number="A")
    pack = a_kit(of=[(spoon, 2)])

    response = keeper.post(address("assemble", pack), {"number": 3}, follow=True)
    assert "Write P260520-1 on each of them" in response.content.decode()
    assert here(pack) == {"P260520-1": 3}
    (spot,) = keeper.get(address("take-apart", pack)).context["form"].spots
    keeper.post(address("take-apart", pack), {"spot": spot, "quantity": 1})

    assert (here(pack), here(spoon)) == ({"P260520-1": 2}, {"A": 6})


def test_making_too_many_packs_says_whats_short(keeper, spoon):
    a_lot(spoon, 10, number="A")
    pack = a_kit(of=[(spoon, 2)])

    response = keeper.post(address("assemble", pack), {"number": 6})

    assert response.status_code == 422
    assert "Spoon: our records say there are 10 some" in words(response)
    assert 'value="6"' in response.content.decode()


def test_only_packs_are_made_up(keeper, spoon):
    assert keeper.get(address("assemble", spoon)).status_code == 404
    assert keeper.get(address("take-apart", spoon)).status_code == 404
