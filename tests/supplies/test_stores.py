"""Stores: moving stock between them, and the one the desk takes from (stores.py, issuing.py)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import Issued, Item, Movement, Outgoing, Store
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_lot, an_item, here, on_hand

pytestmark = pytest.mark.usefixtures("today")

TOMORROW = TODAY + dt.timedelta(1)


def test_moving_takes_earliest_lots_first(spoon, store, bag, somebody):
    a_lot(spoon, 5, number="late", expires_on=NEXT_YEAR)
    a_lot(spoon, 5, number="soon", expires_on=TOMORROW)
    a_lot(spoon, 5, number="past", expires_on=TODAY - dt.timedelta(1))
    a_lot(spoon, 5, number="aside", expires_on=TOMORROW, quarantined_since=TODAY)

    act = Item.objects.move_stock({spoon.pk: 7}, source=store, destination=bag, by=somebody)

    assert here(spoon, bag) == {"soon": 5, "late": 2}
    assert here(spoon, store) == {"late": 3, "past": 5, "aside": 5}
    assert on_hand(spoon) == 20
    rows = Movement.objects.filter(act=act)
    assert {(row.kind, row.made_on, row.by) for row in rows} == {("moved", TODAY, somebody)}


def test_send_carries_a_named_lot_whatever_its_date(spoon, store, bag):
    past = a_lot(spoon, 5, number="past", expires_on=TODAY - dt.timedelta(1))
    a_lot(spoon, 5, number="late", expires_on=NEXT_YEAR)

    Item.objects.move_stock({spoon.pk: 3}, source=store, destination=bag, lot=past)

    assert here(spoon, bag) == {"past": 3}


def test_moving_takes_unknown_lot_last(spoon, store, bag):
    a_lot(spoon, 2, number="A")
    Movement.objects.create(kind="counted", item=spoon, store=store, quantity=5, made_on=TODAY)

    Item.objects.move_stock({spoon.pk: 6}, source=store, destination=bag)

    assert here(spoon, bag) == {"A": 2, None: 4}


@pytest.mark.parametrize("wanted", [6, 1_000_000])
def test_moving_more_than_known_is_refused(spoon, store, bag, wanted):
    foil = an_item("Foil")
    a_lot(foil, 5)
    a_lot(spoon, 5, number="A")

    with pytest.raises(ValidationError, match="Spoon: our records say there are 5 some in this place"):
        Item.objects.move_stock({foil.pk: 5, spoon.pk: wanted}, source=store, destination=bag)

    assert here(foil, bag) == here(spoon, bag) == {}


def test_moving_more_of_named_lot_is_refused(spoon, store, bag):
    lot = a_lot(spoon, 1, number="A")
    a_lot(spoon, 9, number="B")

    with pytest.raises(ValidationError, match="there are 1 one in this place"):
        Item.objects.move_stock({spoon.pk: 2}, source=store, destination=bag, lot=lot)


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, "2", 1_000_001, 10**30])
def test_send_refuses_what_nobody_can_carry(spoon, store, bag, quantity):
    a_lot(spoon, 5)

    with pytest.raises(ValidationError):
        Item.objects.move_stock({spoon.pk: quantity}, source=store, destination=bag)

    assert here(spoon, bag) == {}


def test_moving_nowhere_or_nothing_is_refused(spoon, store, bag):
    with pytest.raises(ValidationError, match=r"It is already there."):
        Item.objects.move_stock({spoon.pk: 1}, source=store, destination=store)
    with pytest.raises(ValidationError, match=r"Say what, and how many."):
        Item.objects.move_stock({}, source=store, destination=bag)


@pytest.mark.django_db
def test_desk_uses_its_store_or_main():
    cupboard = Store.objects.create(name="Cupboard", order=1)
    desk = Store.objects.create(name="Desk", order=2)
    assert Store.objects.for_the_desk() == cupboard

    Store.objects.filter(pk=desk.pk).update(serves_desk=True)

    assert Store.objects.for_the_desk() == desk
    assert Store.objects.main() == cupboard


@pytest.mark.django_db
def test_a_desk_without_any_store_finds_one():
    assert Store.objects.for_the_desk().name == "Cupboard"


def test_one_store_at_most_serves_the_desk(store, bag):
    Store.objects.filter(pk=store.pk).update(serves_desk=True)
    with pytest.raises(IntegrityError, match="store_one_serves_the_desk"), transaction.atomic():
        Store.objects.filter(pk=bag.pk).update(serves_desk=True)
    bag.serves_desk = True
    with pytest.raises(ValidationError, match="one place only"):
        bag.full_clean()


def test_desk_store_can_go_below_zero(spoon, store):
    desk = Store.objects.create(name="Desk", order=2, serves_desk=True)
    a_lot(spoon, 50, number="A")
    Item.objects.move_stock({spoon.pk: 3}, source=store, destination=desk)

    issued = Item.objects.issue({spoon.pk: 5}, month=MAY)

    assert [(line.lot_id is None, line.quantity) for line in issued] == [(False, 3), (True, 2)]
    assert here(spoon, desk) == {None: -2}
    assert here(spoon, store) == {"A": 47}


def test_earlier_issues_return_to_earlier_store(spoon, store):
    a_lot(spoon, 5, number="A")
    issued = Item.objects.issue({spoon.pk: 3}, month=MAY)
    Store.objects.create(name="Desk", order=2, serves_desk=True)

    Item.objects.take_back(issued, month=MAY)

    assert here(spoon, store) == {"A": 5}
    assert not Outgoing.objects.exists()


def test_returns_prefer_the_desks_own_store(spoon, store):
    lot = a_lot(spoon, 5, number="A")
    desk = Store.objects.create(name="Desk", order=2, serves_desk=True)
    Item.objects.move_stock({spoon.pk: 2}, source=store, destination=desk)
    Item.objects.issue({spoon.pk: 3}, month=MAY, store=store)
    Item.objects.issue({spoon.pk: 2}, month=MAY)

    Item.objects.take_back([Issued(spoon.pk, lot.pk, 3)], month=MAY)

    assert here(spoon, desk) == {"A": 2}
    assert here(spoon, store) == {"A": 1}


def test_last_given_looks_in_every_store(spoon, store, bag):
    Item.objects.issue({spoon.pk: 2}, month=APRIL, store=bag)
    Item.objects.issue({spoon.pk: 2}, month=APRIL)

    given = Item.objects.guess_issued_lots({spoon.pk: 4}, month=APRIL)
    Item.objects.take_back(given, month=APRIL)

    assert sum(line.quantity for line in given) == 4
    assert not Outgoing.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_last_ones_are_moved_once():
    from tests.volunteers.threads import at_once  # noqa: PLC0415 -- threads of their own, beside a frozen clock

    cupboard = Store.objects.create(name="Cupboard", order=1)
    places = [Store.objects.create(name=name, order=2) for name in ("Desk", "Bag")]
    spoon = an_item("Spoon")
    a_lot(spoon, 5, number="A", store=cupboard)

    answers = at_once(
        *[lambda to=to: Item.objects.move_stock({spoon.pk: 4}, source=cupboard, destination=to) for to in places]
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["UUID", "ValidationError"]
    assert here(spoon, cupboard) == {"A": 1}
