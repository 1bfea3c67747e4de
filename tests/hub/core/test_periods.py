"""Evenings and months: an evening lasts until 06:00, over midnight and over a clock change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hub.core import periods

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "evening"),
    [
        ("2026-11-23 18:30", "2026-11-23"),
        ("2026-11-23 23:59", "2026-11-23"),
        ("2026-11-24 00:30", "2026-11-23"),
        ("2026-11-24 05:59", "2026-11-23"),
        ("2026-11-24 06:00", "2026-11-24"),
        ("2027-01-01 02:00", "2026-12-31"),
        ("2026-10-25 01:30", "2026-10-24"),
    ],
)
def test_evening_lasts_until_six(now, evening):
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=LONDON)

    assert periods.evening(moment) == dt.date.fromisoformat(evening)


@pytest.mark.parametrize(
    ("evening", "over_utc"),
    [
        ("2026-11-23", "2026-11-24 06:00"),
        ("2026-10-24", "2026-10-25 06:00"),
        ("2026-03-28", "2026-03-29 05:00"),
    ],
    ids=["winter", "the night the clocks go back", "the night the clocks go forward"],
)
def test_evening_is_over_at_six_on_the_clock(evening, over_utc):
    over = periods.over_at(dt.date.fromisoformat(evening), LONDON)

    assert over.astimezone(dt.UTC) == dt.datetime.fromisoformat(over_utc).replace(tzinfo=dt.UTC)


def test_opening_after_midnight_counts_in_its_evenings_month():
    night = dt.datetime(2026, 12, 1, 1, 0, tzinfo=LONDON)

    assert periods.month_of(periods.evening(night)) == dt.date(2026, 11, 1)


def test_seen_ids_outlive_the_latest_accepted_copy():
    assert periods.LATE_DAYS < periods.SEEN_DAYS


@pytest.mark.parametrize(
    ("written", "first", "span", "label"),
    [
        ("2026", dt.date(2026, 1, 1), periods.Span.YEAR, "2026"),
        ("2026-q1", dt.date(2026, 1, 1), periods.Span.QUARTER, "January to March 2026"),
        ("2026-q4", dt.date(2026, 10, 1), periods.Span.QUARTER, "October to December 2026"),
        ("2026-02", dt.date(2026, 2, 1), periods.Span.MONTH, "February 2026"),
    ],
)
def test_period_reads_what_it_writes(written, first, span, label):
    period = periods.Period.read(written)

    assert (period.first, period.span, period.label, str(period)) == (first, span, label, written)
    assert period == periods.Period.of(period.months[-1], span)
    assert len(period.months) == span


@pytest.mark.parametrize(
    "written",
    ["", "2026-13", "2026-0", "2026-q5", "2026-1", "1999", "2026-02-01", "٢٠٢٦", "2026\x00", "2026-q1 ", "9" * 99],
)
def test_period_that_does_not_exist_is_refused(written):
    with pytest.raises(ValueError, match="no such period"):
        periods.Period.read(written)


@pytest.mark.parametrize(
    ("first", "span"), [(dt.date(2026, 2, 1), 3), (dt.date(2026, 4, 1), 12), (dt.date(2026, 1, 2), 1)]
)
def test_period_is_a_calendar_one(first, span):
    with pytest.raises(ValueError, match="begins no period"):
        periods.Period(first, periods.Span(span))


def test_period_knows_previous_period_and_year_ago():
    first = periods.Period.read("2026-q1")

    assert (str(first.before), str(first.a_year_before), first.end) == ("2025-q4", "2025-q1", dt.date(2026, 4, 1))
    assert str(periods.Period.read("2026-01").before) == "2025-12"
    assert str(periods.Period.read("2026").before) == str(periods.Period.read("2026").a_year_before) == "2025"
