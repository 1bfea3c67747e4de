"""All the parts of these quarters, one after the other, over the present demo."""

from __future__ import annotations

from hub.core.periods import Period, Span, month_of, months_between, tonight
from hub.demo import world
from hub.demo.quarters import purchases, questions, sessions, shifts, shortfalls, stock
from hub.demo.years import Size, logs
from hub.months.models import Month

YEARS = 2
"""Enough of them for a year before the last full quarter, whatever day it is."""


def lay_out() -> None:
    """Lay out the demo, and what its last full quarter is believed by; or nothing. Nobody real is in the database."""
    world.lay_out(before=quarters)


def quarters() -> None:
    """Everything since a year before the last full quarter, which is complete before anything is added to it."""
    today = tonight()
    last = Period.of(today, Span.QUARTER).before
    for month in last.months:
        Month(month).complete_month()
    months = months_between(last.a_year_before.first, month_of(today))
    shifts.lay_out(months[0])
    sessions.lay_out(months[0])
    questions.lay_out(months)
    stock.lay_out(months, last.end)
    shortfalls.lay_out(months)
    purchases.lay_out(months, last.end)
    for _share in logs.lay_out(Size(YEARS, 1, today)):
        pass
