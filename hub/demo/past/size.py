"""The size of the demo's past: what ten years of a busy hub come to, and any share of that. Knows no database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hub.core.periods import Period, Span, month_of, months_between, months_on

MAX_YEARS, MAX_SCALE = 30, 10


@dataclass(frozen=True)
class Size:
    """So many years up to today; at scale 1 a busy hub of one town, at 2 twice as much in the same time."""

    years: int
    scale: float
    today: dt.date

    def __post_init__(self) -> None:
        """Refuse what nobody would wait for."""
        if not 1 <= self.years <= MAX_YEARS:
            raise ValueError(f"From one year to {MAX_YEARS}.")
        if not 0 < self.scale <= MAX_SCALE:
            raise ValueError(f"A scale is more than nothing and at most {MAX_SCALE}.")

    @property
    def months(self) -> list[dt.date]:
        """The first days of its months, the running one last."""
        this = month_of(self.today)
        return [months_on(this, -back) for back in reversed(range(12 * self.years))]

    @property
    def first_day(self) -> dt.date:
        """The day it begins."""
        return self.months[0]

    @property
    def last_quarter(self) -> Period:
        """The last full quarter, which the demo publishes."""
        return Period.of(self.today, Span.QUARTER).before

    @property
    def reported_months(self) -> list[dt.date]:
        """The months since a year before the last full quarter, which its report compares; the running one last."""
        return list(months_between(self.last_quarter.a_year_before.first, month_of(self.today)))

    def so_many(self, at_scale_one: float) -> int:
        """As many as this at scale 1, and never none."""
        return max(1, round(at_scale_one * self.scale))

    @property
    def evenings_a_month(self) -> int:
        """3,100 openings in ten years."""
        return self.so_many(26)

    @property
    def shifts_a_week(self) -> int:
        """5,200 shifts in ten years."""
        return self.so_many(10)

    @property
    def people(self) -> int:
        """Who is on the rota now."""
        return self.so_many(60)

    @property
    def past_people(self) -> int:
        """The number of people who have left; only their hours stay."""
        return self.so_many(40 * self.years)

    @property
    def school_people(self) -> int:
        """Who has been to the School and is still known there."""
        return self.so_many(30 * self.years)

    @property
    def sessions(self) -> int:
        """Sessions of the School, all of them long settled."""
        return self.so_many(24 * self.years)

    @property
    def items(self) -> int:
        """Things that go out every month; naloxone is two of them."""
        return min(self.so_many(45), 45)

    def busy(self, month: dt.date) -> float:
        """How much of today's bustle there was in a month: it grew slowly, and winters were quieter."""
        back = (self.today.year - month.year) * 12 + self.today.month - month.month
        winter = 0.85 if month.month in {12, 1, 2} else 1.0
        return float(winter * 0.994**back)
