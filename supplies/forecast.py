"""The forecast: how long stock lasts, and how much to order. Pure: without Django and database.

Use is calculated per opening held and not per week: in a fortnight when we were closed nobody could take anything. The
median of the last months is used, so that one odd week does not matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, floor
from statistics import median

MONTHS_BACK = 3
"""The number of whole months in a forecast, beside the current one."""

LEAD_DAYS = 14
"""The lead time of an order where none is set."""

SPARE_DAYS = 7
"""The stock we want left when an order arrives: orders are late, and a week can be busy."""

AFTER_DELIVERY_DAYS = 56
"""The time a delivery should last where no target is set."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class MonthUse:
    """One month of one item: openings held, how many went out, how often it was asked for while there was none."""

    openings: int
    used: int
    missed: int = 0

    @property
    def tells(self) -> bool:
        """Whether the month says anything about need: not if we were closed, or out of stock all the time."""
        return self.openings > 0 and not (self.used <= 0 and self.missed > 0)


@dataclass(frozen=True, slots=True)
class OpeningCount:
    """The number of openings held in a number of days."""

    openings: int
    days: int


class OrderReason(Enum):
    """The reason to order an item, the strongest first."""

    BELOW_ZERO = "below_zero"
    OUT = "out"
    RUNS_OUT = "runs_out"
    BELOW_MINIMUM = "below_minimum"


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of one item. `usable` leaves out lots past their date or set aside."""

    usable: int
    on_order: int = 0
    minimum: int | None = None
    target: int | None = None
    pack_size: int = 1
    lead_days: int = LEAD_DAYS
    per_week: Fraction | None = None
    """The units given out in a usual week; None if it is too early to tell."""

    @property
    def days_left(self) -> int | None:
        """Whole days until the stock is used up at this rate; None if it will not be."""
        if not self.per_week:
            return None
        return floor(max(self.usable, 0) * WEEK / self.per_week)


@dataclass(frozen=True, slots=True)
class Advice:
    """The advice to order a number of packs, and its reason."""

    packs: int
    reason: OrderReason


def use_per_opening(months: Iterable[MonthUse]) -> Fraction | None:
    """The median number that goes out at an opening, over the months that tell; None if none does."""
    rates = [Fraction(max(month.used, 0), month.openings) for month in months if month.tells]
    return median(rates) if rates else None


def openings_a_week(held: Iterable[OpeningCount]) -> Fraction | None:
    """The median number of openings a week, over the months in which we opened at all; None if we never did."""
    paces = [Fraction(month.openings * WEEK, month.days) for month in held if month.openings > 0 and month.days > 0]
    return median(paces) if paces else None


def a_week(per_opening: Fraction | None, openings: Fraction | None) -> Fraction | None:
    """The number that goes out in a week; None if it is not known."""
    return None if per_opening is None or openings is None else per_opening * openings


def advise(stock: Stock) -> Advice | None:
    """The advice for this stock; None if there is enough, orders on their way included.

    It is time to order once stock and orders would not last for the delivery time and a spare week, or are below the
    minimum. The advice then reaches the target when the order arrives, in whole packs. Without a target it reaches
    eight weeks' use and that spare week. Stock below zero counts as zero: the books are wrong, not the cupboard.
    """
    coming = max(stock.usable, 0) + stock.on_order
    a_day = (stock.per_week or Fraction(0)) / WEEK
    on_the_way = a_day * stock.lead_days
    enough = max(on_the_way + a_day * SPARE_DAYS, Fraction(stock.minimum or 0))
    if coming >= enough:
        return None
    on_arrival = a_day * (SPARE_DAYS + AFTER_DELIVERY_DAYS) if stock.target is None else Fraction(stock.target)
    wanted = max(on_arrival + on_the_way, enough)
    return Advice(ceil((wanted - coming) / stock.pack_size), _choose_reason(stock))


def _choose_reason(stock: Stock) -> OrderReason:
    if stock.usable < 0:
        return OrderReason.BELOW_ZERO
    if stock.usable == 0:
        return OrderReason.OUT
    # What is on order cannot be said to have run out: the shelf itself has to last until it is here.
    days = stock.days_left
    if days is not None and days < stock.lead_days + SPARE_DAYS:
        return OrderReason.RUNS_OUT
    return OrderReason.BELOW_MINIMUM


def months_back(today: dt.date) -> Sequence[dt.date]:
    """The first days of the months to look at: the three before this month, and this month."""
    first = today.replace(day=1)
    months = [first]
    for _ in range(MONTHS_BACK):
        months.insert(0, (months[0] - dt.timedelta(days=1)).replace(day=1))
    return months


def days_of(month: dt.date, today: dt.date) -> int:
    """The number of days of a month until now, today included."""
    after = (month + dt.timedelta(days=31)).replace(day=1)
    return min((after - month).days, (today - month).days + 1)
