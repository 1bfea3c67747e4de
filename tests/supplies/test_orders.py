"""Orders and their suppliers (orders.py, suppliers.py)."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import Delivery, Item, Order, OrderLine, Supplier
from tests.supplies.makers import TODAY, an_item, on_hand
from tests.volunteers.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def foil(store):
    return an_item("Foil", pack_size=50)


@pytest.fixture
def order(spoon, foil):
    """A draft of two things."""
    return Order.objects.start({spoon: 10, foil: 2}, key=uuid.uuid4())


@pytest.fixture
def placed(order):
    order.place()
    return order


def lines(order):
    return {line.item.name: line.packs for line in order.lines.select_related("item")}


def arrive(order, **came):
    """So many units of each item by name come against this order."""
    delivery = Delivery.objects.start(key=uuid.uuid4(), order=order)
    for line in order.lines.select_related("item"):
        if units := came.get(line.item.name.lower()):
            delivery.write_line(uuid.uuid4(), item=line.item, quantity=units)
    assert delivery.receive()
    order.refresh_from_db()
    return delivery


def test_order_is_started_once_for_a_key(spoon, foil):
    key = uuid.uuid4()
    first = Order.objects.start({spoon: 3, foil: 0}, key=key)
    again = Order.objects.start({spoon: 9}, key=key)

    assert first == again
    assert lines(again) == {"Spoon": 3}


def test_order_changes_while_it_is_a_draft(order, spoon, foil):
    works = Supplier.objects.create(name="Works")

    order.change(supplier=works, note="Ring the bell", packs={spoon: 4, foil: 0})

    order.refresh_from_db()
    assert (order.supplier, order.note, lines(order)) == (works, "Ring the bell", {"Spoon": 4})


def test_order_remembers_the_day_and_is_placed_once(order):
    order.place()
    order.place()

    order.refresh_from_db()
    assert (order.state, order.placed_on) == ("placed", TODAY)


def test_order_that_is_placed_stays_as_it_is(placed, spoon):
    with pytest.raises(ValidationError, match="is placed, so"):
        placed.change(supplier=None, note="", packs={spoon: 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        placed.lines.update(packs=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        placed.lines.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.create(order=placed, item=an_item("Tea"), packs=1, pack_size=1)
    assert lines(placed) == {"Spoon": 10, "Foil": 2}


def test_empty_order_is_not_placed(db):
    order = Order.objects.start({}, key=uuid.uuid4())

    with pytest.raises(ValidationError, match=r"This order is empty."):
        order.place()


def test_order_of_withdrawn_item_waits(order, foil):
    foil.withdrawn = True
    foil.save()

    with pytest.raises(ValidationError, match="no longer stock this: Foil"):
        order.place()
    order.change(supplier=None, note="", packs={foil: 0})
    order.place()
    assert order.state == "placed"


def test_order_is_part_received_and_then_received(placed, spoon):
    arrive(placed, spoon=10)
    assert placed.state == "part_received"
    assert OrderLine.objects.to_come() == {spoon.pk: 0, Item.objects.get(name="Foil").pk: 100}

    arrive(placed, foil=100)
    assert (placed.state, placed.ended_on) == ("received", TODAY)
    assert OrderLine.objects.to_come() == {}


def test_surplus_delivery_takes_nothing_from_others(placed, spoon, foil):
    Order.objects.start({spoon: 5}, key=uuid.uuid4()).place()

    arrive(placed, spoon=25, foil=100)

    assert placed.state == "received"
    assert on_hand(spoon) == 25
    assert OrderLine.objects.to_come() == {spoon.pk: 5}


def test_order_reopens_when_less_came(placed, foil):
    delivery = arrive(placed, spoon=10, foil=100)
    line = delivery.lines.get(item=foil)

    line.correct(60, reason="one box was empty", key=uuid.uuid4())

    placed.refresh_from_db()
    assert (placed.state, placed.ended_on) == ("part_received", None)
    assert OrderLine.objects.to_come()[foil.pk] == 40


def test_order_closed_short_stays_closed(placed, foil):
    delivery = arrive(placed, foil=100)
    placed.close()
    placed.close()

    delivery.lines.get().correct(60, reason="one box was empty", key=uuid.uuid4())

    placed.refresh_from_db()
    assert placed.state == "received"


def test_order_cancels_before_and_closes_after_delivery(order):
    with pytest.raises(ValidationError, match="Cancel it instead"):
        order.close()
    order.place()
    with pytest.raises(ValidationError, match="Cancel it instead"):
        order.close()
    arrive(order, spoon=1)
    with pytest.raises(ValidationError, match="the rest will not"):
        order.cancel()
    order.close()
    assert order.state == "received"


def test_order_cancelled_twice_is_cancelled_once(order):
    order.cancel()
    order.cancel()

    order.refresh_from_db()
    assert (order.state, order.ended_on, order.placed_on) == ("cancelled", TODAY, None)
    with pytest.raises(ValidationError, match="is cancelled, so"):
        order.place()


def test_delivery_of_cancelled_order_is_received(placed, spoon):
    delivery = Delivery.objects.start(key=uuid.uuid4(), order=placed)
    delivery.write_line(uuid.uuid4(), item=spoon, quantity=10)
    placed.cancel()

    assert delivery.receive()

    placed.refresh_from_db()
    assert placed.state == "cancelled"
    assert on_hand(spoon) == 10


def test_drafts_and_placed_orders_come_first(spoon):
    done, draft, waiting, newer = (Order.objects.start({spoon: 1}, key=uuid.uuid4()) for _ in range(4))
    done.cancel()
    waiting.place()
    newer.cancel()

    assert list(Order.objects.latest_first()) == [waiting, draft, newer, done]


@pytest.mark.parametrize(
    "state",
    [
        {"state": "placed"},
        {"state": "draft", "placed_on": TODAY},
        {"state": "received", "placed_on": TODAY},
        {"state": "received", "placed_on": TODAY, "ended_on": TODAY - dt.timedelta(1)},
        {"state": "cancelled"},
        {"state": "lost", "placed_on": TODAY, "ended_on": TODAY},
    ],
)
def test_database_refuses_order_with_impossible_dates(order, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**state)


def test_database_lets_no_order_begin_again_or_go(order):
    order.cancel()

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="draft", ended_on=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        order.delete()


@pytest.mark.parametrize("packs", [0, 10_000])
def test_database_refuses_absurd_packs(order, packs):
    with pytest.raises(IntegrityError), transaction.atomic():
        order.lines.update(packs=packs)


def test_database_keeps_one_line_an_item(order, spoon):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.create(order=order, item=spoon, packs=1, pack_size=1)


@pytest.mark.parametrize("about", [{"name": ""}, {"name": "Works", "lead_days": 366}])
def test_database_refuses_nameless_or_endless_supplier(db, about):
    with pytest.raises(IntegrityError), transaction.atomic():
        Supplier.objects.create(**about)


@pytest.mark.django_db(transaction=True)
def test_place_and_cancel_at_once_ends_consistent():
    order = Order.objects.start({an_item("Spoon"): 1}, key=uuid.uuid4())

    at_once(Order.objects.get(pk=order.pk).place, Order.objects.get(pk=order.pk).cancel)

    order.refresh_from_db()
    # Placed first, it was called off after; cancelled first, it was never placed.
    assert order.state == "cancelled"
