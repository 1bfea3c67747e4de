"""Appeals: what the public page asks money for (models/appeals.py, views/appeals.py)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from hub.models import Hub
from supplies.models import Appeal, Fund
from supplies.models.appeals import round_for_public
from tests.supplies.makers import APRIL, MAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ABOUT = {"title": "Wound care", "words": "Dressings for every evening"}


@pytest.fixture
def keeper(client, somebody, sign_in, let):
    """A browser of somebody who keeps the books."""
    let("supplies.view_item", "supplies.see_money")
    sign_in(client, somebody)
    return client


@pytest.fixture
def fund(db):
    fund = Fund.objects.create(name="Grant of The Trust", purpose="Works and water")
    came_in(fund, 1234)
    return fund


def came_in(fund, amount, month=APRIL, kind="donation"):
    fund.add_contribution(Decimal(amount), kind=kind, month=month, key=uuid.uuid4())


def front(client):
    client.logout()
    return client.get("/").content.decode()


def address(fund):
    return reverse("supplies:fund-appeal", args=[fund.pk])


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (-300, 0),
        (0, 0),
        (24, 0),
        (26, 50),
        (974, 950),
        (999, 1_000),
        (1_049, 1_000),
        (1_234, 1_200),
        (9_960, 10_000),
        (12_600, 13_000),
    ],
)
def test_amount_is_rounded_for_everybody(amount, shown):
    assert round_for_public(Decimal(amount)) == shown


def test_appeal_stands_on_the_front_page(keeper, fund):
    ways = "By card https://give.example.org/us\nBank transfer: https://bank.example.org"
    answer = keeper.post(address(fund), ABOUT | {"goal": "3000", "ways": ways, "shown": "on"})
    page = front(keeper)

    assert answer.status_code == 302
    for words in ("Wound care", "Dressings for every evening", "£1,200", "£3,000", ">By card<", ">Bank transfer<"):
        assert words in page
    assert 'rel="noreferrer" href="https://give.example.org/us"' in page
    # The name of a fund is for us: it may be the giver's.
    assert "The Trust" not in page
    assert "1,234" not in page


def test_gift_of_this_month_moves_nothing(keeper, fund):
    Appeal.objects.create(fund=fund, **ABOUT)
    before = front(keeper)
    came_in(fund, 5000, month=MAY)

    assert "£1,200" in before
    assert front(keeper) == before


@pytest.mark.parametrize(
    "way", ["http://give.example.org", "By card", "javascript:alert(1)", "By card ftp://x.org", "x\0"]
)
def test_way_without_safe_link_is_refused(keeper, fund, way):
    answer = keeper.post(address(fund), ABOUT | {"ways": f"Good https://give.example.org\n{way}", "shown": "on"})

    assert answer.status_code == 422
    assert "Dressings for every evening" in answer.content.decode()
    assert not Appeal.objects.exists()


def test_too_many_ways_are_refused(keeper, fund):
    ways = "\n".join(f"Way {n} https://give.example.org/{n}" for n in range(6))
    assert keeper.post(address(fund), ABOUT | {"ways": ways}).status_code == 422


@pytest.mark.parametrize("hidden", ["taken off", "fund closed"])
def test_hidden_appeal_is_not_on_the_front_page(keeper, fund, hidden):
    Appeal.objects.create(fund=fund, shown=hidden != "taken off", **ABOUT)
    if hidden == "fund closed":
        fund.close()

    assert "Wound care" not in front(keeper)


@pytest.mark.parametrize(
    ("give_to", "shown"),
    [("https://give.example.org/all", 'href="https://give.example.org/all"'), ("", "ask any of us")],
)
def test_appeal_without_ways_says_how_else(keeper, fund, give_to, shown):
    Hub.objects.create(pk=1, name="Corner House", give_to=give_to)
    Appeal.objects.create(fund=fund, **ABOUT)

    assert shown in front(keeper).partition("Dressings for every evening")[2].partition("</article>")[0]


def test_empty_fund_asks_without_a_number(keeper):
    Appeal.objects.create(fund=Fund.objects.create(name="New"), **ABOUT)

    assert "Little or nothing was there" in front(keeper)


def test_page_shows_it_as_everybody_will_see_it(keeper, fund):
    Appeal.objects.create(fund=fund, **ABOUT)

    assert "£1,200" in keeper.get(address(fund)).content.decode()
    assert address(fund) in keeper.get(reverse("supplies:fund", args=[fund.pk])).content.decode()


@pytest.mark.parametrize("about", [{"title": ""}, {"words": ""}, {"goal": 0}])
def test_database_refuses_appeal_that_says_nothing(fund, about):
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(fund=fund, **ABOUT | about)


@pytest.mark.parametrize("rows", [1, 3])
def test_appeals_statements(rows, django_assert_num_queries):
    for n in range(rows):
        fund = Fund.objects.create(name=f"Fund {n}")
        came_in(fund, 100)
        Appeal.objects.create(fund=fund, **ABOUT)
    with django_assert_num_queries(1):
        assert [each.about_there for each in Appeal.objects.shown(timezone.localdate())] == [100] * rows


def test_amount_is_of_when_month_began(fund):
    Appeal.objects.create(fund=fund, **ABOUT)
    (shown,) = Appeal.objects.shown(dt.date(2026, 6, 1))
    (earlier,) = Appeal.objects.shown(APRIL)

    assert (shown.about_there, earlier.about_there) == (1_200, 0)
