"""Evenings and months: an evening lasts until 06:00, over midnight and over a clock change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hub import periods

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


def test_opening_after_midnight_counts_in_the_month_its_evening_began():
    night = dt.datetime(2026, 12, 1, 1, 0, tzinfo=LONDON)

    assert periods.month_of(periods.evening(night)) == dt.date(2026, 11, 1)


def test_ids_are_kept_longer_than_a_late_copy_may_take():
    assert periods.LATE_DAYS < periods.SEEN_DAYS
