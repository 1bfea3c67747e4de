"""Editions: nothing wrong is ever published, and what is published never changes."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from hub.core.periods import Period
from hub.models import Edition, Measure
from tests.hub.reports.numbers_world import QUARTER, TODAY, a_month, a_quarter, cells, publish, put_right
from tests.supplies.makers import an_item
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


def an_edition(**about):
    defaults = {"first": QUARTER.first, "span": 3, "number": 1, "tables": []}
    return Edition.objects.create(**defaults | about)


def test_edition_holds_shareable_figures_and_words():
    spoon, foil = an_item("Spoon"), an_item("Foil")
    a_quarter(given={spoon: 12, foil: 1})

    edition = publish(learned="People stay longer.", argument="The law stops us.")

    assert (edition.period, edition.number, edition.published_on) == (QUARTER, 1, TODAY)
    assert (edition.learned, edition.argument) == ("People stay longer.", "The law stops us.")
    assert cells(edition, "visits")["Visits"] == [120, None, None, 40, 40, 40]
    assert cells(edition, "given") == {
        "Foil": [[3, 21], None, None, "*", "*", "*"],
        "Spoon": [30, None, None, 10, 10, 10],
    }
    assert cells(edition, "openings")["Openings held"] == [3, None, None, 1, 1, 1]
    assert (edition.threshold, edition.step) == (7, 5)


def test_edition_compares_previous_period_and_year():
    for period in ("2026-q1", "2025-q4", "2025-q1"):
        a_quarter(Period.read(period), visits=10 + int(period[-1]))

    table = publish().tables[0]

    assert table["columns"][:3] == ["Jan–Mar 2026", "Oct–Dec 2025", "Jan–Mar 2025"]
    assert table["rows"][0]["cells"][:3] == [30, 45, 30]


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
def test_incomplete_period_cannot_be_published(written):
    a_quarter()

    with pytest.raises(NotAllowed, match="Only complete months"):
        publish(Period.read(written))
    assert not Edition.objects.exists()


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


def list_ends(cell):
    return [end for end in (cell if isinstance(cell, list) else [cell]) if isinstance(end, int)]


def test_edition_shows_buckets_and_their_sums():
    """What everybody can read of an edition holds no number about people that is not a sum of stars and fives."""
    spoon = an_item("Spoon")
    a_quarter(visits=41, people=43, given={spoon: 2})

    edition = publish()

    for table in edition.tables:
        for row in table["rows"] if table["slug"] not in ("openings", "money") else ():
            if row["kind"] == "count" and row["label"] not in ("Shifts", "Sessions"):
                assert [end for cell in row["cells"] for end in list_ends(cell) if end % 5 and end not in (3, 21)] == []


def test_withdrawn_edition_leaves_the_public_lists():
    a_quarter()
    first, second = publish(), publish()

    second.withdraw()

    assert list(Edition.objects.newest()) == [first]
    assert Edition.objects.with_later().get(pk=first.pk).superseded_on is None
    second.show_again()
    assert list(Edition.objects.newest()) == [second]
    assert Edition.objects.with_later().get(pk=first.pk).superseded_on == second.published_on
