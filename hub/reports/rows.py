"""Rows and sections of a report: each row says what it counts. Pure.

A row knows nothing of the disclosure gate. `ReportRow.build_cell` wraps a true figure into a cell that only the gate
opens for the public. Coordinators see `true_figure`, signed in and marked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hub.core.periods import Period, Span
from hub.disclosure.attack import Atom, AtomSum, KnownSum
from hub.disclosure.gate import Cell, ExactNumber, PeopleCount, Percent, PerUnit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from supplies.models import Item


class NumberFormat(StrEnum):
    """The way the numbers of a row are computed and written."""

    COUNT = "count"
    PERCENT = "percent"
    EACH = "each"
    MONEY = "money"
    WEEKS = "weeks"


@dataclass(frozen=True)
class Figures:
    """Every number that a report needs, by atom (name and month), with labels and completed months."""

    numbers: Mapping[Atom, int]
    labels: Mapping[str, str]
    items: Mapping[int, Item]
    completed: frozenset[dt.date]

    def names(self, prefix: str) -> list[tuple[str, str]]:
        """Return (atom name, label) of every atom with this prefix, sorted by label."""
        named = ((name, label) for name, label in self.labels.items() if name.partition(":")[0] == prefix)
        return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))

    @cached_property
    def months(self) -> frozenset[dt.date]:
        """Every month with a number in it."""
        return frozenset(month for _name, month in self.numbers)

    @cached_property
    def first_months(self) -> Mapping[str, dt.date]:
        """The first month of each atom name with a number other than zero."""
        first: dict[str, dt.date] = {}
        for (name, month), number in self.numbers.items():
            if number and month < first.get(name, dt.date.max):
                first[name] = month
        return first

    def covers(self, period: Period) -> bool:
        """Whether every month of the period is complete. Otherwise nothing is said: zero is not missing."""
        return self.completed.issuperset(period.months)


@dataclass(frozen=True)
class ReportRow:
    """One row of a table. `is_exact` numbers are about things; numbers about people leave only through the gate.

    `parts` maps atom names to their factor. `of` is the whole of a percentage, or the divisor of an average.
    `to_date` adds up everything until the period's end. `since` names atoms that must have begun by then: before
    that nobody recorded them, and a zero would be wrong.
    """

    label: str
    parts: Mapping[str, int] = field(default_factory=dict)
    kind: NumberFormat = NumberFormat.COUNT
    group: str = ""
    is_exact: bool = False
    quarterly: bool = False
    is_total: bool = False
    to_date: bool = False
    since: frozenset[str] = frozenset()
    of: ReportRow | None = None

    def build_cell(self, figures: Figures, period: Period) -> Cell:
        """Return the cell of one period for the gate."""
        if not self._is_known(figures, period):
            return ExactNumber(None)
        own = self._build_sum(figures, period)
        if self.of is None:
            return own
        return self._relate(own, self.of._build_sum(figures, period), period)  # noqa: SLF001 -- another row

    def true_figure(self, figures: Figures, period: Period) -> int | Decimal | None:
        """Return the true figure, for coordinators only."""
        if self.kind == NumberFormat.COUNT:
            # Nearly every row is one: it saves building a cell for the gate.
            return self._add_up(figures, period) if self._is_known(figures, period) else None
        return open_cell(self.build_cell(figures, period))

    def _relate(self, own: PeopleCount | ExactNumber, of: PeopleCount | ExactNumber, period: Period) -> Cell:
        match self.kind, own, of:
            case NumberFormat.PERCENT, PeopleCount(), PeopleCount():
                return Percent(own, of)
            case NumberFormat.WEEKS, _, _:
                return ExactNumber(_weeks_left(open_cell(own), open_cell(of), (period.end - period.first).days))
            case NumberFormat.MONEY, ExactNumber(value), _ if value:
                return PerUnit(own, of, places=2)
            case NumberFormat.EACH, _, _:
                return PerUnit(own, of, places=1)
        # A part of something unknown; or nothing was paid, which makes no visit free.
        return ExactNumber(None)

    def _is_known(self, figures: Figures, period: Period) -> bool:
        if not figures.covers(period) or (self.quarterly and period.span < Span.QUARTER):
            return False
        return not self.since or any(figures.first_months.get(name, period.end) < period.end for name in self.since)

    def _build_sum(self, figures: Figures, period: Period) -> PeopleCount | ExactNumber:
        value = self._add_up(figures, period)
        if self.kind in (NumberFormat.MONEY, NumberFormat.WEEKS):
            return ExactNumber(Decimal(value) / 100)
        if self.is_exact or not self.parts:
            return ExactNumber(value)
        months = self._list_months(figures, period)
        atoms = {(name, month): factor for name, factor in self.parts.items() for month in months}
        return PeopleCount(value, AtomSum.of(atoms), period)

    def _add_up(self, figures: Figures, period: Period) -> int:
        numbers, months = figures.numbers, self._list_months(figures, period)
        return sum(factor * numbers.get((name, month), 0) for name, factor in self.parts.items() for month in months)

    def _list_months(self, figures: Figures, period: Period) -> Iterable[dt.date]:
        if self.to_date:
            return [month for month in figures.months if month < period.end]
        return [month for month in period.months if month.month % 3 == 1] if self.quarterly else period.months


def open_cell(cell: Cell) -> int | Decimal | None:
    """Return the true figure in a cell, None where it is not known. Never for the public."""
    match cell:
        case ExactNumber(value) | PeopleCount(value=value):
            return value
        case Percent(part, whole):
            return round(Decimal(100) * part.value / whole.value) if whole.value else None
        case PerUnit(much, for_each, places):
            top, bottom = open_cell(much), open_cell(for_each)
            return round(Decimal(top) / Decimal(bottom), places) if bottom and top is not None else None


def _weeks_left(left: int | Decimal | None, spent: int | Decimal | None, days: int) -> int | None:
    """Return the whole weeks that `left` lasts at the pace of `spent` in `days`; None where nothing was spent."""
    if left is None or not spent or spent < 0:
        return None
    return max(0, int(Decimal(left) / Decimal(spent) * days / 7))


SectionQueries = Callable[[dt.date, dt.date], Iterable[Any]]


@dataclass(frozen=True)
class Section:
    """One table of a report: its title, the source of its figures, and its rows.

    `build_queries` returns querysets of (what, of, label, month, number), from one month until before another. All
    sections are fetched in one statement. `common` returns what the public knows of the figures anyway.
    """

    slug: str
    title: StrOrPromise
    source: StrOrPromise
    build_rows: Callable[[Figures], Sequence[ReportRow]]
    build_queries: SectionQueries | None = None
    common: Callable[[Figures], Iterable[KnownSum]] | None = None
    note: StrOrPromise = ""
