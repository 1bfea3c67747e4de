"""Evenings and months. Knows no database."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

CLOSES_AT = dt.time(6)
"""When the evening before is over, whoever forgot to close the desk."""

LATE_DAYS = 25
"""How old a late copy of a visit may be; five days short of when its id is forgotten."""

SEEN_DAYS = 30
"""How long the random ids of visits are kept, so that a late copy is not counted twice."""


def evening(now: dt.datetime) -> dt.date:
    """The day an opening belongs to at this local moment: before 06:00 it is still yesterday's evening."""
    return now.date() - dt.timedelta(days=1) if now.time() < CLOSES_AT else now.date()


def over_at(evening: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment that evening is over: 06:00 on the clock of the next day, however long the night was."""
    return dt.datetime.combine(evening + dt.timedelta(days=1), CLOSES_AT, tzinfo=zone)


def month_of(day: dt.date) -> dt.date:
    """The first day of its month, which is how months are written in the database."""
    return day.replace(day=1)
