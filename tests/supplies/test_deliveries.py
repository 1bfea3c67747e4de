"""Deliveries and their lines (deliveries.py, delivery_lines.py)."""

import threading
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import Delivery, DeliveryLine, Fund, Item, Lot, Movement, Order, Payment, Store
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY, a_lot, an_item, on_hand
from tests.volunteers.threads import Meanwhile, at_once
from tests.wait_for_server import PATIENCE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def water(store):
    return an_item("Water", pack_size=20, tracks_expiry=True, tracks_lot=True)


@pytest.fixture
def delivery(store):
    return Delivery.objects.start(key=uuid.uuid4())


@pytest.fixture
def fund(db):
    return Fund.objects.create(name="Winter grant")


def write(delivery, item, quantity, **about):
    return delivery.write_line(uuid.uuid4(), item=item, quantity=quantity, **about)


def ledger(item):
    rows = Movement.objects.filter(item=item).order_by("kind", "quantity")
    return list(rows.values_list("kind", "lot__number", "quantity"))


def test_delivery_adds_two_lots_with_cost(delivery, water, somebody):
    write(delivery, water, 3, pack_size=20, lot_number="A1", expires_on=NEXT_YEAR, price=Decimal("4.20"))
    write(delivery, water, 5, lot_number="B2", expires_on=TODAY, price=Decimal("0.21"))

    assert delivery.receive(by=somebody) is True

    assert on_hand(water) == 65
    assert sorted(Lot.objects.values_list("number", "expires_on", "unit_cost")) == [
        ("A1", NEXT_YEAR, Decimal("0.2100")),
        ("B2", TODAY, Decimal("0.2100")),
    ]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.received_on, delivery.by) == ("received", TODAY, somebody)
    assert {row.by for row in Movement.objects.all()} == {somebody}


def test_delivery_received_again_changes_nothing(delivery, spoon):
    write(delivery, spoon, 5)
    delivery.receive()

    assert Delivery.objects.get().receive() is False
    assert on_hand(spoon) == 5


def test_delivery_settles_what_went_out_below_zero(delivery, water):
    Item.objects.issue({water.pk: 8}, month=MAY)
    write(delivery, water, 20, lot_number="A1", expires_on=NEXT_YEAR)

    delivery.receive()

    assert on_hand(water) == 12
    assert ledger(water) == [("moved", "A1", -8), ("moved", None, 8), ("received", "A1", 20)]


def test_delivery_is_all_or_nothing(delivery, spoon, water):
    write(delivery, spoon, 5)
    line = write(delivery, water, 5, lot_number="A1", expires_on=NEXT_YEAR)
    DeliveryLine.objects.filter(pk=line.pk).update(lot_number="")

    with pytest.raises(ValidationError, match="Water: Copy the lot number from the box"):
        delivery.receive()

    assert Movement.objects.count() == 0
    assert Delivery.objects.get().state == "draft"


def test_empty_delivery_is_not_received(delivery):
    with pytest.raises(ValidationError, match=r"This list is empty."):
        delivery.receive()


def test_line_is_kept_once_per_key(delivery, spoon):
    key = uuid.uuid4()
    delivery.write_line(key, item=spoon, quantity=5)
    delivery.write_line(key, item=spoon, quantity=6)

    assert [line.quantity for line in delivery.lines.all()] == [6]


def test_line_is_struck_out(delivery, spoon):
    line = write(delivery, spoon, 5)
    delivery.delete_line(line.pk)
    delivery.delete_line(line.pk)

    assert delivery.lines.count() == 0


def test_line_asks_for_what_is_on_the_box(delivery, water):
    with pytest.raises(ValidationError) as refused:
        write(delivery, water, 5)

    assert set(refused.value.message_dict) == {"expires_on", "lot_number"}


@pytest.mark.parametrize(
    "wrong",
    [{"quantity": 0}, {"quantity": -1}, {"quantity": 1_000_001}, {"quantity": 100_001, "pack_size": 10}, {"price": -1}],
)
def test_line_with_impossible_quantity_is_refused(delivery, spoon, wrong):
    with pytest.raises(ValidationError):
        delivery.write_line(uuid.uuid4(), **{"item": spoon, "quantity": 5} | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 1_000_001},
        {"quantity": 100_001, "pack_size": 10},
        {"pack_size": 0},
        {"price": Decimal("-0.01")},
    ],
)
def test_database_refuses_such_a_line_too(delivery, spoon, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryLine.objects.create(**{"delivery": delivery, "item": spoon, "quantity": 5} | wrong)


def test_lot_number_is_spelt_as_it_was_before(delivery, water):
    a_lot(water, 5, number="AB 12", expires_on=NEXT_YEAR)

    line = write(delivery, water, 5, lot_number=" ab  12", expires_on=NEXT_YEAR)
    delivery.receive()

    assert line.lot_number == "AB 12"
    assert Lot.objects.get().pk == delivery.lines.get().lot_id
    assert on_hand(water) == 10


def test_lot_number_with_another_date_is_noticed(delivery, water):
    a_lot(water, 5, number="A1", expires_on=NEXT_YEAR)

    same = write(delivery, water, 5, lot_number="a1", expires_on=NEXT_YEAR)
    other = write(delivery, water, 5, lot_number="A1", expires_on=TODAY)

    assert same.other_dates() == []
    assert other.other_dates() == [NEXT_YEAR]


def test_delivery_goes_to_the_store_it_says(delivery, spoon):
    bag = Store.objects.create(name="Bag", order=2)
    write(delivery, spoon, 5)
    delivery.change(store=bag)
    delivery.receive()

    assert Movement.objects.get().store == bag


def test_delivery_is_thrown_away_and_brought_back(delivery, spoon):
    write(delivery, spoon, 5)
    delivery.discard()
    delivery.discard()

    with pytest.raises(ValidationError, match="Bring it back first"):
        delivery.receive()
    with pytest.raises(ValidationError, match="Bring it back first"):
        write(delivery, spoon, 1)
    delivery.bring_back()
    delivery.bring_back()
    assert delivery.receive() is True


def test_delivery_on_the_shelf_stays_as_written(delivery, spoon):
    line = write(delivery, spoon, 5)
    delivery.receive()

    for verb in (
        delivery.discard,
        delivery.bring_back,
        lambda: write(delivery, spoon, 1),
        lambda: delivery.delete_line(line.pk),
    ):
        with pytest.raises(ValidationError, match=r"Somebody has already put this on the shelf."):
            verb()
    for break_it in (
        lambda: delivery.lines.update(quantity=6),
        lambda: delivery.lines.all().delete(),
        lambda: DeliveryLine.objects.create(delivery=delivery, item=spoon, quantity=1),
        lambda: Delivery.objects.update(state="draft", received_on=None),
        lambda: Delivery.objects.all().delete(),
        lambda: Delivery.objects.update(received_on=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            break_it()
    assert list(delivery.lines.values_list("quantity", flat=True)) == [5]


def test_delivery_of_order_is_recorded_once(spoon):
    order = Order.objects.start({spoon: 1}, key=uuid.uuid4())
    order.place()
    first = Delivery.objects.start(key=uuid.uuid4(), order=order)

    assert Delivery.objects.start(key=uuid.uuid4(), order=order) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(order=order, store=first.store)
    first.discard()
    second = Delivery.objects.start(key=uuid.uuid4(), order=order)
    assert second != first
    with pytest.raises(ValidationError, match=r"Continue theirs."):
        first.bring_back()


def test_delivery_against_a_draft_order_is_refused(spoon):
    order = Order.objects.start({spoon: 1}, key=uuid.uuid4())

    with pytest.raises(ValidationError, match="This order is draft"):
        Delivery.objects.start(key=uuid.uuid4(), order=order)


def test_started_twice_with_one_key_is_one_delivery(store):
    key = uuid.uuid4()

    assert Delivery.objects.start(key=key) == Delivery.objects.start(key=key)


# Corrections


def test_overcounted_delivery_is_reversed_in_new_row(delivery, spoon, somebody):
    line = write(delivery, spoon, 10, pack_size=2)
    delivery.receive()
    key = uuid.uuid4()

    line.refresh_from_db()
    line.correct(8, reason="two boxes short", key=key, by=somebody)
    line.correct(8, reason="two boxes short", key=key, by=somebody)
    line.correct(8, reason="again", key=uuid.uuid4())

    assert on_hand(spoon) == 16
    assert ledger(spoon) == [("received", "", -4), ("received", "", 20)]
    assert Movement.objects.get(quantity=-4).reason == "two boxes short"
    assert line.now() == 8


def test_more_than_written_come_onto_the_shelf(delivery, spoon):
    line = write(delivery, spoon, 10)
    delivery.receive()

    line.refresh_from_db()
    line.correct(12, reason="two more at the bottom", key=uuid.uuid4())

    assert on_hand(spoon) == 12
    assert line.now() == 12


def test_what_never_came_is_corrected_to_none(delivery, spoon):
    line = write(delivery, spoon, 10)
    delivery.receive()

    line.refresh_from_db()
    line.correct(0, reason="another item", key=uuid.uuid4())

    assert on_hand(spoon) == 0


@pytest.mark.parametrize(("found", "reason"), [(-1, "x"), (1_000_001, "x"), (5, " ")])
def test_correction_that_says_nothing_sensible_is_refused(delivery, spoon, found, reason):
    line = write(delivery, spoon, 10)
    delivery.receive()

    line.refresh_from_db()
    with pytest.raises(ValidationError):
        line.correct(found, reason=reason, key=uuid.uuid4())
    assert on_hand(spoon) == 10


def test_draft_is_changed_and_not_corrected(delivery, spoon):
    line = write(delivery, spoon, 10)

    with pytest.raises(ValidationError, match=r"Change the line itself."):
        line.correct(8, reason="x", key=uuid.uuid4())


def test_correction_is_not_corrected(delivery, spoon):
    line = write(delivery, spoon, 10)
    delivery.receive()
    line.refresh_from_db()
    line.correct(8, reason="x", key=uuid.uuid4())

    with pytest.raises(ValidationError, match=r"That is a correction."):
        line.corrections.get().correct(8, reason="x", key=uuid.uuid4())


# Money


def test_delivery_writes_what_it_cost_to_its_fund(delivery, spoon, fund, somebody):
    write(delivery, spoon, 3, price=Decimal("1.335"))
    delivery.change(fund=fund, carriage=Decimal("5.00"))
    delivery.receive(by=somebody)

    payment = Payment.objects.get()
    # Three at 1.335 are 4.005, and half a penny is rounded up.
    assert (payment.fund, payment.amount, payment.made_on, payment.by) == (fund, Decimal("9.01"), TODAY, somebody)


def test_delivery_nobody_priced_pays_nothing_and_says_so(delivery, spoon, fund):
    write(delivery, spoon, 3)
    delivery.change(fund=fund)
    delivery.receive()

    assert Payment.objects.count() == 0
    assert (delivery.cost().total, len(delivery.cost().unpriced)) == (0, 1)


def test_missing_prices_can_be_added_later(delivery, spoon, water):
    early = write(delivery, spoon, 3, price=Decimal(1))
    late = write(delivery, water, 2, pack_size=20, lot_number="A1", expires_on=NEXT_YEAR)
    delivery.receive()

    delivery.set_prices({early.pk: Decimal(9), late.pk: Decimal("4.20")})

    assert delivery.cost().total == Decimal("11.40")
    assert Lot.objects.get(number="A1").unit_cost == Decimal("0.2100")
    with pytest.raises(IntegrityError), transaction.atomic():
        delivery.lines.update(price=Decimal(5))


def test_delivery_is_paid_and_refunded_by_funds(delivery, spoon, fund):
    other = Fund.objects.create(name="Bucket")
    write(delivery, spoon, 3)
    with pytest.raises(ValidationError, match="on the shelf first"):
        fund.add_payment(delivery, Decimal(5), key=uuid.uuid4())
    delivery.receive()
    key = uuid.uuid4()
    for _ in range(2):
        fund.add_payment(delivery, Decimal(5), key=key)
    other.add_payment(delivery, Decimal(3), key=uuid.uuid4())
    with pytest.raises(ValidationError, match=r"Say why this money came back."):
        other.add_payment(delivery, Decimal(-1), key=uuid.uuid4())
    other.add_payment(delivery, Decimal(-1), about="a box was broken", key=uuid.uuid4())

    spent = {fund.name: fund.spent for fund in Fund.objects.with_money()}
    assert spent == {"Winter grant": Decimal(5), "Bucket": Decimal(2)}


# Two people at once


@pytest.mark.django_db(transaction=True)
def test_delivery_received_by_two_comes_once():
    spoon, fund = an_item("Spoon"), Fund.objects.create(name="Bucket")
    delivery = Delivery.objects.start(key=uuid.uuid4())
    write(delivery, spoon, 5, price=Decimal(2))
    delivery.change(fund=fund)

    answers = at_once(*[Delivery.objects.get(pk=delivery.pk).receive] * 2)

    assert sorted(answers) == [False, True]
    assert on_hand(spoon) == 5
    assert Payment.objects.get().amount == 10


@pytest.mark.django_db(transaction=True)
def test_line_during_receiving_is_refused_not_lost():
    spoon = an_item("Spoon")
    delivery = Delivery.objects.start(key=uuid.uuid4())
    write(delivery, spoon, 5)
    other = Delivery.objects.get(pk=delivery.pk)

    with transaction.atomic():
        delivery.receive()
        late = Meanwhile(lambda: write(other, spoon, 7))

    assert isinstance(late.answer, ValidationError)
    assert on_hand(spoon) == 5


@pytest.mark.django_db(transaction=True)
def test_two_equal_deliveries_do_not_deadlock():
    spoon, foil = an_item("Spoon"), an_item("Foil")
    works = []
    for _ in range(10):
        delivery = Delivery.objects.start(key=uuid.uuid4())
        for item in (spoon, foil):
            write(delivery, item, 1)
        works.append(delivery)
    barrier = threading.Barrier(2)

    def some(deliveries):
        barrier.wait(timeout=PATIENCE)
        return [delivery.receive() for delivery in deliveries]

    at_once(lambda: some(works[:5]), lambda: some(works[5:]))

    assert (on_hand(spoon), on_hand(foil)) == (10, 10)


@pytest.mark.django_db(transaction=True)
def test_two_starting_same_delivery_share_draft():
    order = Order.objects.start({an_item("Spoon"): 1}, key=uuid.uuid4())
    order.place()

    def begin():
        return Delivery.objects.start(key=uuid.uuid4(), order=Order.objects.get(pk=order.pk))

    first, second = at_once(begin, begin)

    assert first == second


@pytest.mark.django_db(transaction=True)
def test_correction_sent_twice_counts_once():
    spoon = an_item("Spoon")
    delivery = Delivery.objects.start(key=uuid.uuid4())
    line = write(delivery, spoon, 10)
    delivery.receive()
    key = uuid.uuid4()

    def correct():
        DeliveryLine.objects.get(pk=line.pk).correct(8, reason="two short", key=key)

    at_once(correct, correct)

    assert on_hand(spoon) == 8


def test_delivery_survives_erasing_its_author(delivery, spoon, somebody):
    write(delivery, spoon, 5)
    delivery.receive(by=somebody)

    somebody.delete()

    delivery.refresh_from_db()
    assert (delivery.by, delivery.state) == (None, "received")
    assert delivery.begun_on == TODAY
