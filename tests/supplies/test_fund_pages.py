"""Pages of funds: contributions, payments, and how long the rest lasts (views/funds.py)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from hub.models import Opening
from supplies.models import Contribution, Delivery, Fund, Item
from supplies.templatetags.money import money
from tests.supplies.makers import APRIL, MAY, TODAY, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FUNDS = reverse("supplies:funds")


@pytest.fixture
def keeper(client, somebody, sign_in, let):
    """A browser of somebody who keeps the books."""
    let("supplies.view_item", "supplies.see_money", "supplies.receive_delivery")
    sign_in(client, somebody)
    return client


@pytest.fixture
def fund(db):
    fund = Fund.objects.create(name="Winter grant", purpose="Works and water", spend_by=dt.date(2026, 12, 31))
    fund.add_contribution(Decimal(100), kind="grant", month=APRIL, about="The Trust", key=uuid.uuid4())
    return fund


def words(response):
    return " ".join(strip_tags(response.content.decode().partition("<main")[2].replace("<", " <")).split())


def page(fund):
    return reverse("supplies:fund", args=[fund.pk])


def take_in(browser, fund, **said):
    data = {"key": uuid.uuid4(), "kind": "collection", "amount": "5", "month": "2026-05", "about": ""}
    return browser.post(reverse("supplies:fund-take-in", args=[fund.pk]), data | said)


def deliver(item, fund, price, quantity=10):
    delivery = Delivery.objects.start(key=uuid.uuid4())
    delivery.write_line(uuid.uuid4(), item=item, quantity=quantity, price=Decimal(price))
    delivery.change(fund=fund)
    delivery.receive()


def test_no_fund_yet_says_what_one_is(keeper):
    assert "A fund is money for something: a grant, gifts from people, the bucket" in words(keeper.get(FUNDS))


def test_funds_show_income_spending_and_rest(keeper, fund, spoon):
    deliver(spoon, fund, "2.50")

    text = words(keeper.get(FUNDS))

    assert "Left altogether £75.00" in text
    assert "Winter grant Works and water Came in £100.00 Spent £25.00 Left £75.00" in text
    assert "Spend it by 31 December 2026." in text
    assert "We show how long it lasts when things go out and we know their prices." in text


def test_funds_say_for_how_long_they_pay(keeper, fund, spoon):
    deliver(spoon, fund, "2.50")
    for n in range(8):
        Opening.objects.create(date=APRIL + dt.timedelta(n), kind="planned", state="closed", visits=1, people=1)
    Opening.objects.create(date=MAY, kind="planned", state="closed", visits=1, people=1)
    Item.objects.issue({spoon.pk: 2}, month=MAY)
    an_item("Never used")

    # Two at an opening; the pace of a month with eight in thirty days and of one with one in twenty.
    text = words(keeper.get(FUNDS))
    assert "At today’s use that pays for about 13 weeks of supplies. A week of everything costs about £5.54." in text


def test_fund_below_nothing_warns_and_blocks_nobody(keeper, fund, spoon):
    deliver(spoon, fund, "12")

    assert "Winter grant Below zero" in words(keeper.get(FUNDS))
    text = words(keeper.get(page(fund)))
    assert "Left −£20.00" in text
    assert "Nothing is blocked" in text


def test_fund_is_made_changed_closed_and_opened(keeper):
    new = reverse("supplies:fund-new")
    assert keeper.post(new, {"name": ""}).status_code == 422
    response = keeper.post(new, {"name": "Bucket"})
    fund = Fund.objects.get()
    assert response.headers["Location"] == page(fund)
    assert "There is already one with that name." in words(keeper.post(new, {"name": "Bucket"}))

    keeper.post(page(fund), {"name": "Big bucket", "purpose": "Tea", "spend_by": "2027-01-31"})
    assert keeper.post(page(fund), {"name": "x", "spend_by": "soon"}).status_code == 422
    fund.refresh_from_db()
    assert (fund.name, fund.purpose, fund.spend_by) == ("Big bucket", "Tea", dt.date(2027, 1, 31))

    for name, closed_on in (("close", TODAY), ("close", TODAY), ("reopen", None)):
        keeper.post(reverse(f"supplies:fund-{name}", args=[fund.pk]))
        fund.refresh_from_db()
        assert fund.closed_on == closed_on


def test_income_is_recorded_once_by_month(keeper, fund, somebody):
    key = uuid.uuid4()
    for _ in range(2):
        assert take_in(keeper, fund, key=key, about="Bucket at the gig").status_code == 302

    row = Contribution.objects.get(kind="collection")
    assert (row.amount, row.month, row.about, row.by) == (5, MAY, "Bucket at the gig", somebody)
    text = words(keeper.get(page(fund)))
    assert "Collection Bucket at the gig May 2026 £5.00 Grant The Trust April 2026 £100.00 In all £105.00" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "0"}, "Write an amount above zero."),
        ({"amount": "-5"}, "Write an amount above zero."),
        ({"amount": "1e99"}, "is not an amount we can read"),
        ({"amount": "NaN"}, "is not an amount we can read"),
        ({"amount": "0.005"}, "no more than 2 decimal places"),
        ({"kind": "donation", "about": "from Kim"}, "no words"),
        ({"kind": "correction", "amount": "-5"}, "Say what you correct."),
        ({"kind": "loan"}, "Select a valid choice"),
        ({"month": "May"}, "is not a month we can read"),
        ({"about": "\x00"}, "Null characters are not allowed"),
    ],
)
def test_impossible_income_is_refused_and_kept(keeper, fund, wrong, said):
    response = take_in(keeper, fund, **wrong)

    assert response.status_code == 422
    assert said in words(response)
    assert Contribution.objects.count() == 1
    assert '<details class="stack" open>' in response.content.decode()


def test_correction_takes_away(keeper, fund):
    take_in(keeper, fund, kind="correction", amount="-30", about="counted twice")

    assert "Left £70.00" in words(keeper.get(page(fund)))


@pytest.mark.parametrize(
    ("amount", "said"),
    [(Decimal("1234.5"), "£1,234.50"), (Decimal(0), "£0.00"), (Decimal(-12), "−£12.00"), (None, "")],
)
def test_money_reads_as_money(amount, said):
    assert money(amount) == said


def test_currency_is_a_setting(settings):
    settings.CURRENCY = "€"

    assert money(Decimal(3)) == "€3.00"


@pytest.mark.parametrize("rows", [1, 3])
def test_fund_pages_statements(keeper, rows, django_assert_num_queries):
    for n in range(rows):
        fund = Fund.objects.create(name=f"Fund {n}")
        for _ in range(rows):
            take_in(keeper, fund)
        deliver(an_item(f"Item {n}"), fund, "1")

    # Session, person, funds, items, six about what is needed.
    with django_assert_num_queries(10):
        keeper.get(FUNDS)
    # The same, with what came in and what was spent.
    with django_assert_num_queries(12):
        keeper.get(page(fund))
