"""Editions: nothing wrong is ever published, and what is published never changes."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from hub.core.periods import Period, Span
from hub.models import Draft, Edition, Measure
from tests.hub.reports.numbers_world import MARCH, QUARTER, TODAY, a_month, a_quarter, cells, publish, put_right
from tests.supplies.makers import an_item
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


def an_edition(**about):
    defaults = {"first": QUARTER.first, "span": 3, "number": 1, "tables": [], "facts": []}
    return Edition.objects.create(**defaults | about)


def test_edition_holds_shareable_figures_and_words():
    spoon, foil = an_item("Spoon"), an_item("Foil")
    a_quarter(given={spoon: 12, foil: 1})

    edition = publish(learned="People stay longer.", argument="The law stops us.")

    assert (edition.period, edition.number, edition.published_on) == (QUARTER, 1, TODAY)
    assert (edition.learned, edition.argument) == ("People stay longer.", "The law stops us.")
    assert cells(edition, "visits")["Visits"] == [120, None, None]
    assert cells(edition, "given") == {"Foil": ["*", None, None], "Spoon": [35, None, None]}
    assert cells(edition, "openings")["Openings people came to"] == [3, None, None]
    assert not Draft.objects.exists()


def test_edition_compares_previous_period_and_year():
    for period in ("2026-q1", "2025-q4", "2025-q1"):
        a_quarter(Period.read(period), visits=10 + int(period[-1]))

    table = publish().tables[0]

    assert table["columns"] == ["Jan–Mar 2026", "Oct–Dec 2025", "Jan–Mar 2025"]
    assert table["rows"][0]["cells"] == [35, 40, 35]


def test_trend_has_24_complete_months():
    a_quarter()
    a_month(dt.date(2025, 12, 1), visits=3, people=3)
    a_month(dt.date(2025, 11, 1), visits=30, sealed=False)

    trend = cells(publish(), "trend")

    assert len(trend) == 24
    assert list(trend.items())[-5:] == [
        ("Nov 2025", [None]),
        ("Dec 2025", ["*"]),
        ("Jan 2026", [40]),
        ("Feb 2026", [40]),
        ("Mar 2026", [40]),
    ]


def changed(edition):
    edition.tables = [{"slug": "visits"}]
    edition.save()


@pytest.mark.parametrize(
    "do",
    [lambda _edition: Edition.objects.update(learned="Something else"), Edition.delete, changed],
    ids=["update", "delete", "save"],
)
def test_published_edition_is_never_changed(do):
    edition = an_edition_of_sealed()
    with pytest.raises(DatabaseError, match="stays as it was published"), transaction.atomic():
        do(edition)
    edition = Edition.objects.get()
    assert (edition.learned, edition.tables) == ("", [])


def an_edition_of_sealed():
    a_quarter()
    return an_edition()


def test_database_refuses_edition_of_incomplete_months():
    a_month(QUARTER.months[0])
    a_month(QUARTER.months[1])

    with pytest.raises(IntegrityError, match="Only complete months"):
        an_edition()


@pytest.mark.parametrize(
    ("about", "rule"),
    [
        ({"first": dt.date(2026, 2, 1)}, "edition_calendar_period"),
        ({"span": 2}, "edition_calendar_period"),
        ({"first": dt.date(2026, 1, 2), "span": 1}, "edition_calendar_period"),
        ({"number": 0}, "edition_counts_from_one"),
    ],
)
def test_edition_is_of_a_calendar_period(about, rule):
    for month in range(1, 7):
        a_month(dt.date(2026, month, 1), visits=9, people=9)
    with pytest.raises(IntegrityError, match=f"{rule}|Only complete"):
        an_edition(**about)


def test_editions_follow_each_other():
    a_quarter()
    with pytest.raises(IntegrityError, match="Editions follow each other"), transaction.atomic():
        an_edition(number=2)
    an_edition()
    with pytest.raises(IntegrityError, match="edition_one_of_each_number"), transaction.atomic():
        an_edition()
    assert an_edition(number=2).number == 2


@pytest.mark.parametrize("written", ["2026-q2", "2026-05", "2026", "2027-01", "2026-04"])
def test_incomplete_period_cannot_be_drafted(written):
    a_quarter()

    with pytest.raises(NotAllowed, match="Only complete months"):
        Draft.objects.begin(Period.read(written))
    assert not Draft.objects.exists()


def test_correction_makes_new_edition_and_keeps_old():
    a_quarter()
    first = publish()
    put_right(QUARTER.first, Measure.VISITS, 60)
    put_right(QUARTER.first, Measure.PEOPLE, 70)

    with time_machine.travel("2026-06-02 12:00 +0100", tick=False):
        second = publish()

    assert (second.number, second.published_on) == (2, dt.date(2026, 6, 2))
    assert cells(second, "visits")["Visits"][0] == 140
    first = Edition.objects.with_later().get(pk=first.pk)
    assert cells(first, "visits")["Visits"][0] == 120
    assert first.superseded_on == dt.date(2026, 6, 2)
    assert list(Edition.objects.newest()) == [second]


def test_correction_revealing_old_number_withholds_table():
    a_month(MARCH.first, visits=9, people=9)
    publish(MARCH)
    put_right(MARCH.first, Measure.VISITS, 7)

    edition = publish(MARCH)

    assert [table["slug"] for table in edition.withheld] == ["visits", "trend"]


def test_published_months_limit_their_quarter():
    for month, visits in zip(QUARTER.months, (7, 7, 0), strict=True):
        a_month(month, visits=visits, people=visits)
    for month in QUARTER.months:
        publish(Period(month, Span.MONTH))

    # 13 to 17 of two that are 7 at most.
    assert cells(publish(), "visits")["Visits"][0] == "*"


def test_true_figures_leave_only_through_gate():
    """What everybody can read of an edition holds no true number below eight and none that is not rounded."""
    spoon = an_item("Spoon")
    a_quarter(visits=41, people=43, given={spoon: 2})

    edition = publish()

    about_people = [table for table in edition.tables if table["slug"] not in ("openings", "wasted", "money")]
    for table in about_people:
        for row in table["rows"]:
            if row["kind"] == "count" and not row["label"].startswith(("Shifts", "People they", "Sessions")):
                assert [cell for cell in row["cells"] if isinstance(cell, int) and cell % 5] == []
