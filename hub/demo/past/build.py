"""The parts of the demo's past in order, and the one loop that adds them beneath the present demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.db import connection

from hub.core.periods import tonight
from hub.demo import world
from hub.demo.past import desk_tallies, logs, openings, people, purchases, sessions, shifts, shortfalls, stock
from hub.demo.past.size import Size

ReportProgress = Callable[[float, str], None]


class PastPart(NamedTuple):
    """One part: its name, how long it takes beside the others, and the generator that adds it."""

    name: str
    weight: int
    add: Callable[[Size], Iterator[float]]


PLAIN_YEARS = 2
"""Enough of them for a year before the last full quarter, whatever day it is."""
# The plain demo has openings and tallies of its own; these parts add what its published quarter tells beside them.
PLAIN_PARTS = (
    PastPart("months", 1, stock.complete_last_quarter),
    PastPart("shifts", 1, shifts.add_plain_shifts),
    PastPart("sessions", 1, sessions.add_plain_sessions),
    PastPart("answers", 1, desk_tallies.add_answers),
    PastPart("stock", 1, stock.add_plain_stock),
    PastPart("shortfalls", 1, shortfalls.add_plain_shortfalls),
    PastPart("purchases", 1, purchases.add_plain_purchases),
    PastPart("logs", 1, logs.add_logs),
)
BUSY_PARTS = (
    PastPart("people", 1, people.add_people),
    PastPart("shifts", 3, shifts.add_busy_shifts),
    PastPart("evenings", 1, openings.add_openings),
    PastPart("stock", 5, stock.add_busy_stock),
    PastPart("logs", 1, logs.add_logs),
    PastPart("the School", 8, sessions.add_busy_sessions),
)
PRESENT_WEIGHT = 10
"""How long the present demo and the publishing take beside those."""


def build_demo() -> None:
    """Build the plain demo, or nothing. The caller has made sure that nobody real is in the database."""
    _build(PLAIN_PARTS, Size(PLAIN_YEARS, 1, tonight()), lambda _share, _words: None)


def build_demo_of_years(size: Size, report: ReportProgress) -> None:
    """Build the demo of a busy hub after years, or nothing. `report` gets the share that is done, and its name.

    The caller has made sure that nobody real is in the database.
    """
    _build(BUSY_PARTS, size, report)
    with connection.cursor() as cursor:
        # The planner learns of a table by and by; after so many rows at once its plans would be wrong for a while.
        cursor.execute("ANALYZE")
    report(1, "done")


def _build(parts: tuple[PastPart, ...], size: Size, report: ReportProgress) -> None:
    total = PRESENT_WEIGHT + sum(part.weight for part in parts)

    def add_past() -> None:
        done = PRESENT_WEIGHT / 2
        for part in parts:
            for share in part.add(size):
                report((done + part.weight * share) / total, part.name)
            done += part.weight
        report(done / total, "a report")

    report(0, "today")
    world.build(before=add_past)
