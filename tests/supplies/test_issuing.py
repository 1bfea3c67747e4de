"""Issuing: giving out by lots, taking back, and the outgoing of a month (issuing.py, outgoing.py)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from supplies.models import Issued, Item, Movement, Outgoing, Store
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_lot, an_item, on_hand

pytestmark = pytest.mark.usefixtures("today")

YESTERDAY, TOMORROW = TODAY - dt.timedelta(1), TODAY + dt.timedelta(1)


@pytest.mark.parametrize(
    ("lots", "wanted", "expected"),
    [
        pytest.param({}, 3, {None: 3}, id="nothing on the shelf"),
        pytest.param({"A": (5, NEXT_YEAR)}, 3, {"A": 3}, id="one lot"),
        pytest.param({"late": (5, NEXT_YEAR), "soon": (5, TOMORROW)}, 3, {"soon": 3}, id="first to expire first"),
        pytest.param({"late": (5, NEXT_YEAR), "soon": (2, TOMORROW)}, 3, {"soon": 2, "late": 1}, id="over two lots"),
        pytest.param({"none": (5, None), "late": (5, NEXT_YEAR)}, 6, {"late": 5, "none": 1}, id="without a date last"),
        pytest.param({"old": (5, YESTERDAY), "late": (2, NEXT_YEAR)}, 3, {"late": 2, None: 1}, id="past its date"),
        pytest.param({"today": (5, TODAY)}, 3, {"today": 3}, id="good on its last day"),
        pytest.param({"empty": (0, TOMORROW), "late": (5, NEXT_YEAR)}, 3, {"late": 3}, id="an empty lot"),
        pytest.param({"below": (-4, TOMORROW), "late": (5, NEXT_YEAR)}, 3, {"late": 3}, id="a lot below zero"),
        pytest.param({"A": (2, TOMORROW), "B": (2, TOMORROW)}, 3, {"A": 2, "B": 1}, id="same date, as they came"),
        pytest.param({"A": (2, NEXT_YEAR)}, 999, {"A": 2, None: 997}, id="below zero rather than refuse"),
    ],
)
def test_issue_takes_from(spoon, lots, wanted, expected):
    pks = {name: a_lot(spoon, n, number=name, expires_on=day).pk for name, (n, day) in lots.items()}
    before = on_hand(spoon)

    issued = Item.objects.issue({spoon.pk: wanted}, month=MAY)

    assert issued == [Issued(spoon.pk, pks.get(name), n) for name, n in expected.items()]
    assert dict(Outgoing.objects.values_list("lot__number", "quantity")) == expected
    assert on_hand(spoon) == before - wanted


def test_issue_passes_over_what_is_set_aside(spoon):
    a_lot(spoon, 5, number="recalled", expires_on=TOMORROW, quarantined_since=TODAY)
    fine = a_lot(spoon, 5, number="fine", expires_on=NEXT_YEAR)

    assert Item.objects.issue({spoon.pk: 7}, month=MAY) == [Issued(spoon.pk, fine.pk, 5), Issued(spoon.pk, None, 2)]


def test_issue_counts_this_months_outgoing_against_the_lot(spoon):
    lot = a_lot(spoon, 5)
    Item.objects.issue({spoon.pk: 4}, month=MAY)

    assert Item.objects.issue({spoon.pk: 4}, month=MAY) == [Issued(spoon.pk, lot.pk, 1), Issued(spoon.pk, None, 3)]


def test_issue_counts_by_lot_and_month(spoon):
    lot = a_lot(spoon, 5)
    Item.objects.issue({spoon.pk: 4}, month=APRIL)

    assert Item.objects.issue({spoon.pk: 2}, month=MAY) == [Issued(spoon.pk, lot.pk, 1), Issued(spoon.pk, None, 1)]


def test_issue_takes_from_one_store_only(spoon, store):
    bag = Store.objects.create(name="Outreach bag", order=3)
    main = a_lot(spoon, 5, number="main")
    outside = a_lot(spoon, 5, number="bag", store=bag)

    assert Item.objects.issue({spoon.pk: 2}, month=MAY) == [Issued(spoon.pk, main.pk, 2)]
    assert Item.objects.issue({spoon.pk: 6}, month=MAY, store=bag) == [
        Issued(spoon.pk, outside.pk, 5),
        Issued(spoon.pk, None, 1),
    ]
    assert dict(Outgoing.objects.values_list("lot__number", "store__name")) == {
        "main": "Cupboard",
        "bag": "Outreach bag",
        None: "Outreach bag",
    }


def test_issue_of_many_items_says_for_each(store):
    foil, spoon = an_item("Foil"), an_item("Spoon")
    lot = a_lot(foil, 5)

    issued = Item.objects.issue({spoon.pk: 2, foil.pk: 3}, month=MAY)

    assert sorted(issued, key=lambda line: line.quantity) == [Issued(spoon.pk, None, 2), Issued(foil.pk, lot.pk, 3)]


def test_issue_grows_one_row(spoon):
    for _ in range(3):
        Item.objects.issue({spoon.pk: 2}, month=MAY)

    row = Outgoing.objects.get()
    assert (row.month, row.item, row.lot, row.quantity) == (MAY, spoon, None, 6)
    assert Movement.objects.count() == 0


def test_issue_of_nothing_gives_nothing(store):
    assert Item.objects.issue({}, month=MAY) == []
    assert Outgoing.objects.count() == 0


@pytest.mark.django_db
def test_issue_works_before_anybody_set_up_a_store():
    spoon = an_item("Spoon")

    Item.objects.issue({spoon.pk: 2}, month=MAY)

    assert Outgoing.objects.get().store.name == "Cupboard"


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**12, 1.0, "1", None, True])
def test_issue_refuses_a_quantity_and_changes_nothing(spoon, quantity):
    fine = an_item("Foil")

    with pytest.raises(ValidationError, match="from 1 to 999"):
        Item.objects.issue({fine.pk: 1, spoon.pk: quantity}, month=MAY)

    assert Outgoing.objects.count() == 0


@pytest.mark.parametrize("quantity", [1, 999])
def test_issue_takes_the_outermost_quantities(spoon, quantity):
    assert Item.objects.issue({spoon.pk: quantity}, month=MAY) == [Issued(spoon.pk, None, quantity)]


@pytest.mark.parametrize("unknown", [0, -1, 10**6, 10**30, "spoon", None])
def test_issue_refuses_an_unknown_item_and_changes_nothing(spoon, unknown):
    with pytest.raises(ValidationError, match="no longer on our list"):
        Item.objects.issue({spoon.pk: 1, unknown: 1}, month=MAY)

    assert Outgoing.objects.count() == 0


def test_issue_refuses_a_withdrawn_item_and_changes_nothing(spoon):
    gone = an_item("Tourniquet", withdrawn=True)

    with pytest.raises(ValidationError, match="no longer on our list"):
        Item.objects.issue({spoon.pk: 1, gone.pk: 1}, month=MAY)

    assert Outgoing.objects.count() == 0


def test_naloxone_never_leaves_on_a_visit(spoon):
    nyxoid = an_item("Nyxoid", naloxone=True)

    with pytest.raises(ValidationError, match="its own log"):
        Item.objects.issue({spoon.pk: 1, nyxoid.pk: 1}, month=MAY)
    with pytest.raises(ValidationError, match="its own log"):
        Item.objects.issue({spoon.pk: 1}, month=MAY, naloxone=True)

    assert Outgoing.objects.count() == 0
    assert Item.objects.issue({nyxoid.pk: 1}, month=MAY, naloxone=True) == [Issued(nyxoid.pk, None, 1)]


def test_issue_takes_constant_statements(store, django_assert_num_queries):
    items = [an_item(f"Item {n}") for n in range(10)]
    for item in items:
        a_lot(item, 1, number="A", expires_on=TOMORROW)
        a_lot(item, 1, number="B", expires_on=NEXT_YEAR)

    # Savepoint, lock, store, lots, sealed, outgoing, release.
    with django_assert_num_queries(7):
        Item.objects.issue({items[0].pk: 3}, month=MAY)
    with django_assert_num_queries(7):
        Item.objects.issue({item.pk: 3 for item in items}, month=MAY)


def test_issue_into_completed_month_is_monthly_correction(spoon):
    lot = a_lot(spoon, 5)
    Item.objects.complete_month(APRIL)

    Item.objects.issue({spoon.pk: 6}, month=APRIL)

    given = Movement.objects.filter(kind="given_out").order_by("quantity")
    assert list(given.values_list("lot", "quantity", "month", "made_on", "by", "reason")) == [
        (lot.pk, -5, APRIL, None, None, ""),
        (None, -1, APRIL, None, None, ""),
    ]
    assert Outgoing.objects.count() == 0
    assert on_hand(spoon) == -1


def test_take_back_returns_to_the_same_lots(spoon):
    soon = a_lot(spoon, 2, number="soon", expires_on=TOMORROW)
    late = a_lot(spoon, 2, number="late", expires_on=NEXT_YEAR)
    Item.objects.issue({spoon.pk: 1}, month=MAY)
    issued = Item.objects.issue({spoon.pk: 5}, month=MAY)
    assert len(issued) == 3

    Item.objects.take_back(issued, month=MAY)

    row = Outgoing.objects.get()
    assert (row.lot, row.quantity) == (soon, 1)
    assert Item.objects.issue({spoon.pk: 3}, month=MAY) == [Issued(spoon.pk, soon.pk, 1), Issued(spoon.pk, late.pk, 2)]


def test_take_back_of_a_part_leaves_the_rest(spoon):
    Item.objects.issue({spoon.pk: 5}, month=MAY)

    Item.objects.take_back([Issued(spoon.pk, None, 1), Issued(spoon.pk, None, 1)], month=MAY)

    assert Outgoing.objects.get().quantity == 3


def test_take_back_of_an_item_withdrawn_meanwhile_works(spoon):
    issued = Item.objects.issue({spoon.pk: 5}, month=MAY)
    Item.objects.update(withdrawn=True)

    Item.objects.take_back(issued, month=MAY)

    assert on_hand(spoon) == 0


def test_return_after_completion_is_monthly_correction(spoon):
    lot = a_lot(spoon, 5)
    issued = Item.objects.issue({spoon.pk: 3}, month=APRIL)
    Item.objects.complete_month(APRIL)

    Item.objects.take_back(issued, month=APRIL)

    given = Movement.objects.filter(kind="given_out").order_by("quantity")
    assert list(given.values_list("lot", "quantity", "month", "made_on", "by")) == [
        (lot.pk, -3, APRIL, None, None),
        (lot.pk, 3, APRIL, None, None),
    ]
    assert on_hand(spoon) == 5


@pytest.mark.parametrize(
    "too_much",
    [{"quantity": 3}, {"month": APRIL}, {"store": True}, {"twice": True}],
    ids=["more than went out", "another month", "another store", "twice in one go"],
)
def test_return_of_more_than_issued_is_refused(store, too_much):
    foil, spoon = an_item("Foil"), an_item("Spoon")
    issued = Item.objects.issue({foil.pk: 1, spoon.pk: 2}, month=MAY)
    asked = [issued[0], Issued(spoon.pk, None, too_much.get("quantity", 2))] * (2 if "twice" in too_much else 1)
    elsewhere = Store.objects.create(name="Desk") if "store" in too_much else None

    with pytest.raises(ValidationError, match=r"We did not give out that much."):
        Item.objects.take_back(asked, month=too_much.get("month", MAY), store=elsewhere)

    assert sorted(Outgoing.objects.values_list("item__name", "quantity")) == [("Foil", 1), ("Spoon", 2)]


def test_last_given_returns_lots_in_reverse(spoon):
    soon = a_lot(spoon, 2, number="soon", expires_on=TOMORROW)
    late = a_lot(spoon, 2, number="late", expires_on=NEXT_YEAR)
    never = a_lot(spoon, 2, number="never")
    Item.objects.issue({spoon.pk: 8}, month=MAY)

    given = Item.objects.guess_issued_lots({spoon.pk: 7}, month=MAY)

    assert given == [
        Issued(spoon.pk, None, 2),
        Issued(spoon.pk, never.pk, 2),
        Issued(spoon.pk, late.pk, 2),
        Issued(spoon.pk, soon.pk, 1),
    ]
    Item.objects.take_back(given, month=MAY)
    assert list(Outgoing.objects.values_list("lot", "quantity")) == [(soon.pk, 1)]


def test_last_given_returns_in_completed_month(spoon):
    a_lot(spoon, 5)
    Item.objects.issue({spoon.pk: 3}, month=APRIL)
    Item.objects.complete_month(APRIL)

    given = Item.objects.guess_issued_lots({spoon.pk: 2}, month=APRIL)
    Item.objects.take_back(given, month=APRIL)

    assert given == [Issued(spoon.pk, None, 2)]
    assert on_hand(spoon) == 4
