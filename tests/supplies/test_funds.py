import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import Contribution, Delivery, Fund, Payment
from tests.supplies.makers import MAY, TODAY, an_item
from tests.volunteers.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def fund(db):
    return Fund.objects.create(name="Winter grant", purpose="Works and water")


def take_in(fund, amount, kind="grant", month=TODAY, **about):
    return fund.add_contribution(Decimal(amount), kind=kind, month=month, key=uuid.uuid4(), **about)


def left(fund):
    return Fund.objects.with_money().get(pk=fund.pk).left


def received(item, fund, price):
    delivery = Delivery.objects.start(key=uuid.uuid4())
    delivery.write_line(uuid.uuid4(), item=item, quantity=1, price=Decimal(price))
    delivery.change(fund=fund)
    delivery.receive()
    return delivery


def test_fund_shows_income_spending_and_rest(fund, spoon):
    take_in(fund, "500", about="The Trust")
    take_in(fund, "20.50", "collection", about="Bucket at the gig")
    take_in(fund, "-0.50", "correction", about="counted twice")
    received(spoon, fund, "120.25")
    Fund.objects.create(name="Empty")

    money = {fund.name: (fund.came_in, fund.spent, fund.left) for fund in Fund.objects.with_money()}
    assert money == {
        "Empty": (0, 0, 0),
        "Winter grant": (Decimal("520.00"), Decimal("120.25"), Decimal("399.75")),
    }


def test_fund_goes_below_nothing_and_blocks_nobody(fund, spoon):
    take_in(fund, "10")

    received(spoon, fund, "30")

    assert left(fund) == -20


def test_contribution_is_monthly_and_once_per_key(fund, somebody):
    key = uuid.uuid4()
    for _ in range(2):
        fund.add_contribution(Decimal(5), kind="donation", month=TODAY, key=key, by=somebody)

    row = Contribution.objects.get()
    assert (row.month, row.amount, row.about, row.by) == (MAY, 5, "", somebody)


@pytest.mark.parametrize(
    ("amount", "kind", "about", "said"),
    [
        ("0", "grant", "x", "Write an amount above zero."),
        ("-1", "donation", "", "Write an amount above zero."),
        ("5", "donation", "from Kim", "no words"),
        ("-5", "correction", "", "Say what you correct."),
        ("5", "loan", "", "not a valid choice"),
        ("12345678", "grant", "", "no more than 7 digits before the decimal point"),
        ("0.001", "grant", "", "no more than 2 decimal places"),
    ],
)
def test_contribution_that_cannot_be_is_refused_in_words(fund, amount, kind, about, said):
    with pytest.raises(ValidationError, match=said):
        take_in(fund, amount, kind, about=about)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"kind": "donation", "about": "from Kim"},
        {"kind": "correction", "amount": -1},
        {"kind": "loan"},
        {"month": TODAY},
    ],
)
def test_database_refuses_it_too(fund, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(**{"fund": fund, "kind": "grant", "amount": 1, "month": MAY} | wrong)


def test_books_change_only_by_erased_name(fund, spoon, somebody):
    take_in(fund, "5", by=somebody)
    received(spoon, fund, "3")
    Payment.objects.get().fund.add_payment(Delivery.objects.get(), Decimal(1), key=uuid.uuid4(), by=somebody)

    for rows in (Contribution.objects.all(), Payment.objects.all()):
        for break_it in (lambda rows=rows: rows.update(amount=9), lambda rows=rows: rows.delete()):
            with pytest.raises(IntegrityError), transaction.atomic():
                break_it()
    somebody.delete()
    assert Contribution.objects.get().by is None
    assert left(fund) == 1


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"amount": -1}])
def test_database_refuses_empty_or_unexplained_payment(fund, spoon, wrong):
    delivery = received(spoon, fund, "3")

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(fund=fund, delivery=delivery, made_on=TODAY, **wrong)


def test_closed_fund_pays_nothing_more_and_takes_back(fund, spoon):
    delivery = received(spoon, fund, "3")
    fund.close()
    fund.close()
    assert list(Fund.objects.in_use()) == []

    with pytest.raises(ValidationError, match="That fund is closed"):
        fund.add_payment(delivery, Decimal(1), key=uuid.uuid4())
    fund.add_payment(delivery, Decimal(-1), key=uuid.uuid4(), about="a box was broken")
    fund.reopen()
    assert list(Fund.objects.in_use()) == [fund]
    assert left(fund) == -2


def test_fund_closed_meanwhile_keeps_delivery_waiting(fund, spoon):
    delivery = Delivery.objects.start(key=uuid.uuid4())
    delivery.write_line(uuid.uuid4(), item=spoon, quantity=1, price=Decimal(3))
    delivery.change(fund=fund)
    fund.close()

    with pytest.raises(ValidationError, match="That fund is closed"):
        delivery.receive()


def test_fund_needs_a_name(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.create(name="")


def test_fund_remembers_what_it_was_for(fund):
    fund.purpose = "Anything"
    fund.save()

    assert [event.purpose for event in fund.events.order_by("pgh_id")] == ["Works and water", "Anything"]


@pytest.mark.django_db(transaction=True)
def test_same_contribution_sent_twice_at_once_is_one():
    fund = Fund.objects.create(name="Bucket")
    key = uuid.uuid4()

    def give():
        return fund.add_contribution(Decimal(5), kind="donation", month=dt.date(2026, 5, 1), key=key).pk

    assert at_once(give, give) == [key, key]
    assert left(fund) == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_funds_statements(rows, django_assert_num_queries):
    for n in range(rows):
        take_in(Fund.objects.create(name=f"Fund {n}"), "5")
        received(an_item(f"Item {n}"), Fund.objects.get(name=f"Fund {n}"), "3")

    with django_assert_num_queries(1):
        assert [fund.left for fund in Fund.objects.with_money()] == [2] * rows
