"""What a report is made of: sections of lines, each of which says what it counts. Pure.

A line knows nothing of the gate. `Line.cell` puts what it counts in one period into a cell that only the gate can
turn into something to be seen by everybody; coordinators are shown `true`, signed in and marked.
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
from hub.disclosure.attack import Atom, Known, Sum
from hub.disclosure.gate import Cell, Count, Each, Percent, Plain

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from supplies.models import Item


class Kind(StrEnum):
    """How a line's numbers are written."""

    COUNT = "count"
    PERCENT = "percent"
    EACH = "each"
    MONEY = "money"
    WEEKS = "weeks"


@dataclass(frozen=True)
class Found:
    """Everything that was counted, by what it is of and in which month, and what it is called."""

    numbers: Mapping[Atom, int]
    labels: Mapping[str, str]
    items: Mapping[int, Item]
    sealed: frozenset[dt.date]

    def names(self, what: str) -> list[tuple[str, str]]:
        """What was counted of this, as (name of its atoms, what it is called), in the alphabet's order."""
        found = ((name, label) for name, label in self.labels.items() if name.partition(":")[0] == what)
        return sorted(found, key=lambda one: (one[1].casefold(), one[0]))

    @cached_property
    def months(self) -> frozenset[dt.date]:
        """Every month in which anything was counted."""
        return frozenset(month for _name, month in self.numbers)

    @cached_property
    def begun(self) -> Mapping[str, dt.date]:
        """The month in which each thing was first counted, of those that ever came to more than nothing."""
        begun: dict[str, dt.date] = {}
        for (name, month), number in self.numbers.items():
            if number and month < begun.get(name, dt.date.max):
                begun[name] = month
        return begun

    def covers(self, period: Period) -> bool:
        """Whether each of its months is complete. Of one that is not, nothing is said: zero is not missing."""
        return self.sealed.issuperset(period.months)


@dataclass(frozen=True)
class Line:
    """One row of a table. Numbers about things are known exactly; those about people only ever leave by the gate.

    `to_date` adds up everything until the period's end. Weeks are how long it lasts at the pace of `of`. `since` names
    what must have been counted by then, once at least: before that nobody kept it, and a zero would say they had.
    """

    label: str
    parts: Mapping[str, int] = field(default_factory=dict)
    kind: Kind = Kind.COUNT
    group: str = ""
    things: bool = False
    by_quarter: bool = False
    sum: bool = False
    to_date: bool = False
    since: frozenset[str] = frozenset()
    of: Line | None = None

    def cell(self, found: Found, period: Period) -> Cell:
        """What it counts in a period."""
        if not self._is_known(found, period):
            return Plain(None)
        if self.kind == Kind.PERCENT:
            part, whole = self._sum(found, period), self._of(found, period)
            return Percent(part, whole) if isinstance(part, Count) and isinstance(whole, Count) else Plain(None)
        own = self._sum(found, period)
        if self.of is None:
            return own
        if self.kind == Kind.WEEKS:
            return Plain(_lasts(_true(own), _true(self._of(found, period)), (period.end - period.first).days))
        if self.kind == Kind.MONEY and not self._value(found, period):
            return Plain(None)  # Nothing was paid in it, which makes no visit free.
        return Each(own, self._of(found, period), places=2 if self.kind == Kind.MONEY else 1)

    def true(self, found: Found, period: Period) -> int | Decimal | None:
        """The true figure, for coordinators only."""
        if self.kind == Kind.COUNT:
            # Nearly every line: what only the gate needs is not made for it.
            return self._value(found, period) if self._is_known(found, period) else None
        return _true(self.cell(found, period))

    def _is_known(self, found: Found, period: Period) -> bool:
        if not found.covers(period) or (self.by_quarter and period.span < Span.QUARTER):
            return False
        return not self.since or any(found.begun.get(name, period.end) < period.end for name in self.since)

    def _of(self, found: Found, period: Period) -> Count | Plain:
        assert self.of is not None  # noqa: S101 -- for mypy: a part is a part of something
        return self.of._sum(found, period)  # noqa: SLF001 -- a line like this one

    def _sum(self, found: Found, period: Period) -> Count | Plain:
        value = self._value(found, period)
        if self.kind in (Kind.MONEY, Kind.WEEKS):
            return Plain(Decimal(value) / 100)
        if self.things or not self.parts:
            return Plain(value)
        months = self._months(found, period)
        atoms = {(name, month): times for name, times in self.parts.items() for month in months}
        return Count(value, Sum.of(atoms), period)

    def _value(self, found: Found, period: Period) -> int:
        numbers, months = found.numbers, self._months(found, period)
        return sum(times * numbers.get((name, month), 0) for name, times in self.parts.items() for month in months)

    def _months(self, found: Found, period: Period) -> Iterable[dt.date]:
        if self.to_date:
            return [month for month in found.months if month < period.end]
        return [month for month in period.months if month.month % 3 == 1] if self.by_quarter else period.months


def _true(cell: Cell) -> int | Decimal | None:
    match cell:
        case Plain(value) | Count(value=value):
            return value
        case Percent(part, whole):
            return round(Decimal(100) * part.value / whole.value) if whole.value else None
        case Each(much, for_each, places):
            top, bottom = _true(much), _true(for_each)
            return round(Decimal(top) / Decimal(bottom), places) if bottom and top is not None else None


def _lasts(left: int | Decimal | None, spent: int | Decimal | None, days: int) -> int | None:
    """Whole weeks that what is left lasts if as much is spent as in so many days; nothing to say where nothing was."""
    if left is None or not spent or spent < 0:
        return None
    return max(0, int(Decimal(left) / Decimal(spent) * days / 7))


Question = Callable[[dt.date, dt.date], Iterable[Any]]


@dataclass(frozen=True)
class Section:
    """One table of a report: what it is called, where its figures come from, and its lines.

    `asks` is what it has to be told, as queries of (what, of, label, month, number) from one month until before
    another; all sections are asked in one statement. `common` is what everybody knows of its figures anyway.
    """

    slug: str
    title: StrOrPromise
    source: StrOrPromise
    lines: Callable[[Found], Sequence[Line]]
    asks: Question | None = None
    common: Callable[[Found], Iterable[Known]] | None = None
    note: StrOrPromise = ""
