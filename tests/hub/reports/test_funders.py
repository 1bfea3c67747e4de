"""The page for a funder: published figures of one edition and nothing else."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from supplies.models import Fund
from tests.hub.reports.numbers_world import TODAY, a_quarter, publish
from tests.supplies.makers import an_item

pytestmark = pytest.mark.django_db
PAGE = "/reports/2026-q1/1/funder/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


@pytest.fixture
def fund():
    fund = Fund.objects.create(name="City grant", purpose="Works and water")
    january = dt.date(2026, 1, 1)
    fund.add_contribution(Decimal(1000), kind="grant", month=january, about="Cllr Wexford", key=uuid.uuid4())
    return fund


@pytest.fixture
def edition(fund):
    a_quarter(given={an_item("Spoon"): 412})
    return publish(learned="More people came.", argument="The law stops us.")


@pytest.fixture
def as_coordinator(demo, client, sign_in, coordinator):
    sign_in(client, coordinator)
    return client


def sheet(client, **choice):
    answer = client.get(PAGE, choice)
    return answer, answer.content.decode().partition("<article")[2]


def test_sheet_has_words_and_published_figures(as_coordinator, edition, fund):
    answer, body = sheet(as_coordinator, fund=fund.pk, tables=["given", "money"], charts="on")

    assert answer.status_code == 200
    for words in (
        "More people came.",
        "The law stops us.",
        "City grant",
        "Works and water",
        "Spoon",
        'id="table-money"',
    ):
        assert words in body
    assert 'id="table-visits"' not in body


def test_sheet_begins_with_what_funders_ask(as_coordinator, edition):
    _answer, body = sheet(as_coordinator)

    assert all(f'id="table-{slug}"' in body for slug in ("visits", "given", "money"))


def test_sheet_says_nothing_of_givers(as_coordinator, edition, fund):
    with CaptureQueriesContext(connection) as asked:
        answer, _body = sheet(as_coordinator, fund=fund.pk, tables=["money"])

    assert "Wexford" not in answer.content.decode()
    assert not [each for each in asked if "supplies_contribution" in each["sql"] or "hub_tally" in each["sql"]]


@pytest.mark.parametrize("choice", [{"tables": ["odd"]}, {"fund": "99999"}, {"fund": "x"}])
def test_odd_choice_is_told_and_shows_the_rest(as_coordinator, edition, choice):
    answer, body = sheet(as_coordinator, **choice)

    assert answer.status_code == 422
    assert "More people came." in body


@pytest.mark.parametrize("gone", ["withdrawn", "never there"])
def test_edition_nobody_may_see_has_no_sheet(as_coordinator, edition, gone):
    if gone == "withdrawn":
        edition.withdraw()
    page = PAGE if gone == "withdrawn" else PAGE.replace("/1/", "/99999999/")

    assert as_coordinator.get(page).status_code == 404


def test_report_leads_to_the_sheet(as_coordinator, edition):
    assert PAGE in as_coordinator.get("/reports/2026-q1/").content.decode()


def test_funder_sheet_statements(as_coordinator, edition, django_assert_num_queries):
    as_coordinator.get(PAGE)
    with django_assert_num_queries(6):
        as_coordinator.get(PAGE)
