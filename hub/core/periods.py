"""Evenings, months, and the periods numbers are shown for. Knows no database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

CLOSES_AT = dt.time(6)
"""When the evening before is over, even if nobody closed the desk."""

LATE_DAYS = 25
"""The greatest age of a late copy of a visit, in days; five less than `SEEN_DAYS`."""

SEEN_DAYS = 30
"""The days the random ids of visits are kept, so that a late copy is not counted twice."""


def evening(now: dt.datetime) -> dt.date:
    """The day an opening belongs to at this local moment: before 06:00 it is still yesterday's evening."""
    return now.date() - dt.timedelta(days=1) if now.time() < CLOSES_AT else now.date()


def tonight() -> dt.date:
    """The evening it is, which lasts until 06:00."""
    return evening(timezone.localtime())


def opening_month() -> dt.date:
    """The month that this evening's opening counts in, which lasts until 06:00 of the first day of the next."""
    return month_of(tonight())


def over_at(evening: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment that evening is over: 06:00 on the clock of the next day, however long the night was."""
    return dt.datetime.combine(evening + dt.timedelta(days=1), CLOSES_AT, tzinfo=zone)


def month_of(day: dt.date) -> dt.date:
    """The first day of its month, which is how months are written in the database."""
    return day.replace(day=1)


class Span(IntEnum):
    """The length of a period in months. No period is shorter, lies between, or overlaps another."""

    MONTH = 1
    QUARTER = 3
    YEAR = 12


_WRITTEN = re.compile(r"(?P<year>20[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2])|-q(?P<quarter>[1-4]))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, quarter or year: the only periods that numbers are ever shown for."""

    first: dt.date
    span: Span

    def __post_init__(self) -> None:
        """Refuse what is no calendar period."""
        if self.first.day != 1 or (self.first.month - 1) % self.span:
            raise ValueError(f"{self.first} begins no period of {self.span} months")

    @classmethod
    def read(cls, written: str) -> Period:
        """Read `2026`, `2026-q1` or `2026-03`, as they stand in an address. Raises ValueError."""
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError("no such period")
        year = int(match["year"])
        if match["month"]:
            return cls(dt.date(year, int(match["month"]), 1), Span.MONTH)
        if match["quarter"]:
            return cls(dt.date(year, 3 * int(match["quarter"]) - 2, 1), Span.QUARTER)
        return cls(dt.date(year, 1, 1), Span.YEAR)

    @classmethod
    def of(cls, day: dt.date, span: Span) -> Period:
        """The period of that length that a day is in."""
        return cls(dt.date(day.year, (day.month - 1) // span * span + 1, 1), span)

    def __str__(self) -> str:
        if self.span == Span.YEAR:
            return f"{self.first.year}"
        if self.span == Span.QUARTER:
            return f"{self.first.year}-q{self.first.month // 3 + 1}"
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        """As people say it: “March 2026”, “January to March 2026”, “2026”."""
        if self.span == Span.YEAR:
            return str(self.first.year)
        last = date_format(self.months[-1], "YEAR_MONTH_FORMAT")
        if self.span == Span.MONTH:
            return last
        return _("%(first)s to %(last)s") % {"first": date_format(self.first, "F"), "last": last}

    @property
    def short(self) -> str:
        """As the head of a column says it: “Mar 2026”, “Jan–Mar 2026”, “2026”."""
        if self.span == Span.YEAR:
            return str(self.first.year)
        last = date_format(self.months[-1], "M Y")
        return last if self.span == Span.MONTH else f"{date_format(self.first, 'M')}–{last}"

    @cached_property
    def months(self) -> tuple[dt.date, ...]:
        """The first days of its months."""
        return tuple(months_on(self.first, n) for n in range(self.span))

    @property
    def end(self) -> dt.date:
        """The first day after it."""
        return months_on(self.first, self.span)

    @property
    def before(self) -> Period:
        """The previous period of equal length."""
        return Period(months_on(self.first, -self.span), self.span)

    @property
    def a_year_before(self) -> Period:
        """Return this period a year earlier."""
        return Period(months_on(self.first, -12), self.span)


def months_on(month: dt.date, n: int) -> dt.date:
    """The month so many months later, or earlier."""
    years, number = divmod(month.year * 12 + month.month - 1 + n, 12)
    return dt.date(years, number + 1, 1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every month from one to another, both by their first days."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [months_on(first, n) for n in range(count + 1)]
