"""Undoing an act of the ledger by opposite rows: once, never below zero (ledger.py, views/refusals.py)."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import Item, Movement
from tests.supplies.makers import APRIL, MAY, TODAY, a_kit, a_lot, here, on_hand

pytestmark = pytest.mark.usefixtures("today")


def the_act():
    return Movement.objects.exclude(act=None).latest("pk").act


def test_undo_writes_the_opposite_and_signs_for_it(spoon, somebody, another):
    spoon.waste(4, lot=a_lot(spoon, 10, number="A"), by=somebody)
    act = the_act()

    assert Movement.objects.undo(act, by=another) is True

    right = Movement.objects.get(undoes__isnull=False)
    assert (right.kind, right.quantity, right.by, right.made_on) == ("wasted", 4, another, TODAY)
    assert right.undoes.act == act != right.act
    assert on_hand(spoon) == 10


def test_undo_twice_is_once(spoon):
    spoon.waste(4, lot=a_lot(spoon, 10, number="A"))
    act = the_act()

    assert [Movement.objects.undo(act) for _ in range(2)] == [True, False]

    assert on_hand(spoon) == 10


def test_delivery_is_corrected_with_its_delivery(spoon):
    spoon.receive(10, lot_number="A")

    with pytest.raises(ValidationError, match="Correct the delivery"):
        Movement.objects.undo(the_act())


def test_undo_of_nothing_is_nothing(spoon):
    assert Movement.objects.undo(uuid.uuid4()) is False


def test_undo_of_a_move_brings_it_back(spoon, store, bag):
    a_lot(spoon, 5, number="A")
    act = Item.objects.move_stock({spoon.pk: 4}, source=store, destination=bag)

    Movement.objects.undo(act)

    assert here(spoon, store) == {"A": 5}
    assert here(spoon, bag) == {}


def test_undo_of_move_is_refused_after_use(spoon, store, bag):
    a_lot(spoon, 5, number="A")
    act = Item.objects.move_stock({spoon.pk: 4}, source=store, destination=bag)
    Item.objects.issue({spoon.pk: 1}, month=MAY, store=bag)

    with pytest.raises(ValidationError, match="no longer there"), transaction.atomic():
        Movement.objects.undo(act)

    assert here(spoon, bag) == {"A": 3}
    assert not Movement.objects.filter(undoes__isnull=False).exists()


def test_undo_of_waste_and_of_a_count(spoon):
    lot = a_lot(spoon, 10, number="A")
    spoon.waste(4, lot=lot)
    spoon.count(3, lot=lot)
    wasted, counted = (Movement.objects.get(kind=kind).act for kind in ("wasted", "counted"))

    Movement.objects.undo(counted)
    assert here(spoon) == {"A": 6}
    Movement.objects.undo(wasted)
    assert here(spoon) == {"A": 10}


def test_what_puts_right_is_not_itself_undone(spoon):
    spoon.waste(4, lot=a_lot(spoon, 10, number="A"))
    Movement.objects.undo(the_act())
    right = Movement.objects.get(undoes__isnull=False).act

    with pytest.raises(ValidationError, match=r"That is already corrected."):
        Movement.objects.undo(right)


def test_packs_are_taken_apart_and_not_undone(spoon, store):
    a_lot(spoon, 10, number="A")
    a_kit(of=[(spoon, 2)]).assemble(3)
    act = Movement.objects.filter(kind="assembled").first().act

    with pytest.raises(ValidationError, match="Take the packs apart"):
        Movement.objects.undo(act)


def test_what_was_given_out_belongs_to_no_act(spoon, store):
    for about in (
        {"act": uuid.uuid4()},
        {"undoes": Movement.objects.create(kind="given_out", item=spoon, store=store, quantity=1, month=APRIL)},
    ):
        with pytest.raises(IntegrityError, match="movement_given_out_in_no_act"), transaction.atomic():
            Movement.objects.create(kind="given_out", item=spoon, store=store, quantity=-1, month=APRIL, **about)


@pytest.mark.parametrize("wrong", [{"quantity": -4}, {"kind": "wasted"}, {"lot": None}, {"store": "bag"}])
def test_database_takes_only_exact_reversal(spoon, store, bag, wrong):
    lot = spoon.receive(10, lot_number="A")
    row = Movement.objects.get()
    about = {"kind": "received", "item": spoon, "lot": lot, "store": store, "quantity": -10, "made_on": TODAY}

    with pytest.raises(IntegrityError, match="puts nothing right"), transaction.atomic():
        Movement.objects.create(**about | wrong | ({"store": bag} if "store" in wrong else {}), undoes=row)


def test_the_database_lets_nothing_be_put_right_twice(spoon, store):
    lot = spoon.receive(10, lot_number="A")
    row = Movement.objects.get()
    about = {"kind": "received", "item": spoon, "lot": lot, "store": store, "quantity": -10, "made_on": TODAY}
    Movement.objects.create(**about, undoes=row)

    with pytest.raises(IntegrityError, match="undoes"), transaction.atomic():
        Movement.objects.create(**about, undoes=row)


def test_ledger_shows_newest_first_with_balance(spoon, store):
    lot = a_lot(spoon)
    for kind, quantity, when in (
        ("received", 100, {"made_on": "2026-04-02"}),
        ("given_out", -30, {"month": "2026-04-01"}),
        ("counted", -2, {"made_on": "2026-04-20"}),
        ("wasted", -8, {"made_on": "2026-05-03"}),
    ):
        Movement.objects.create(kind=kind, item=spoon, lot=lot, store=store, quantity=quantity, **when)

    rows = Movement.objects.filter(item=spoon).newest_first()

    assert [(row.kind, f"{row.day:%d %b}", row.balance) for row in rows] == [
        ("wasted", "03 May", 60),
        ("given_out", "30 Apr", 68),
        ("counted", "20 Apr", 98),
        ("received", "02 Apr", 100),
    ]
    assert [row.balance for row in Movement.objects.newest_first()[1:3]] == [68, 98]
