"""Rows and sections of a report: each row says what it counts. Pure.

A row has two readings. `true_figure` is for coordinators, signed in and marked. `build_cell` asks a `Publication`, and
so only ever sees buckets and exact numbers.
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
from hub.disclosure.buckets import Amount, Cell
from hub.disclosure.leaves import Publication, Share, refuse_people
from hub.disclosure.measures import measure_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from supplies.models import Item

Atom = tuple[str, dt.date]
"""The smallest number we count: its series and its month."""

Parts = Mapping[str, int]
"""A sum: each series with its factor."""


class NumberFormat(StrEnum):
    """The way the numbers of a row are computed and written."""

    COUNT = "count"
    PERCENT = "percent"
    SHARE = "share"
    EACH = "each"
    MONEY = "money"
    WEEKS = "weeks"


@dataclass(frozen=True)
class Figures:
    """Every number that a report needs, by atom, with the names of series and the completed months."""

    numbers: Mapping[Atom, int]
    labels: Mapping[str, str]
    items: Mapping[int, Item]
    completed: frozenset[dt.date]

    def names(self, prefix: str) -> list[tuple[str, str]]:
        """Return (series, label) of every series of this measure, sorted by label."""
        named = ((name, label) for name, label in self.labels.items() if measure_of(name) == prefix)
        return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))

    def add_up(self, name: str, period: Period) -> int:
        """Return the true count of a series over a period."""
        return sum(self.numbers.get((name, month), 0) for month in period.months)

    @cached_property
    def months(self) -> frozenset[dt.date]:
        """Every month with a number in it."""
        return frozenset(month for _name, month in self.numbers)

    @cached_property
    def first_months(self) -> Mapping[str, dt.date]:
        """The first month of each series with a number other than zero."""
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
    """One row of a table: a sum of leaves, or with `is_exact` of numbers about the building and of money.

    `parts` maps series to their factor. `rest` is what makes a whole with them, for a percentage. `of` is the divisor
    of an average, and what `less` holds is taken off an exact sum. An `is_optional` row is left out while it is
    nought. A `is_private` one is for coordinators only. `to_date` adds up everything until the period's end. `since`
    names series that must have begun by then: before that nobody recorded them, and a zero would be wrong.
    """

    label: str
    parts: Parts = field(default_factory=dict)
    kind: NumberFormat = NumberFormat.COUNT
    group: str = ""
    is_exact: bool = False
    is_optional: bool = False
    is_private: bool = False
    is_total: bool = False
    to_date: bool = False
    finest: Span = Span.MONTH
    rest: Parts = field(default_factory=dict)
    less: Parts = field(default_factory=dict)
    since: frozenset[str] = frozenset()
    of: ReportRow | None = None

    # --- For coordinators -----------------------------------------------------------------------------------------

    def true_figure(self, figures: Figures, period: Period) -> int | Decimal | None:
        """Return the true figure. Never for the public."""
        if not self._is_known(figures, period):
            return None
        own = self._add_up(figures, period)
        if self.kind == NumberFormat.PERCENT:
            whole = own + _add_parts(figures, self.rest, period)
            return round(Decimal(100) * own / whole) if whole else None
        return self._relate(own, self.of._add_up(figures, period) if self.of else None, period)  # noqa: SLF001 -- another row

    # --- For everybody --------------------------------------------------------------------------------------------

    def grain(self, publication: Publication, period: Period) -> Span:
        """Return the shortest period that this row is shown for, in the year of a period."""
        names = [*self._leaves(), *(self.of._leaves() if self.of else ())]  # noqa: SLF001 -- another row
        year = period.first.year
        return max([self.finest, *(publication.grain(name, year) for name in names)])

    def build_cell(self, figures: Figures, publication: Publication, period: Period) -> Cell:
        """Return the cell of one period, from buckets and exact numbers only; None where nothing can be said."""
        amount = self._build_amount(figures, publication, period)
        return amount.cell if amount else None

    def put_right_on(self, publication: Publication, period: Period) -> dt.date | None:
        """Return the last day on which a number behind a cell was put right, if one was."""
        names = [*self._leaves(), *(self.of._leaves() if self.of else ())]  # noqa: SLF001 -- another row
        return publication.put_right_on(names, period)

    def _leaves(self) -> list[str]:
        return [*([] if self.is_exact else self.parts), *self.rest, *self.less]

    def _build_amount(self, figures: Figures, publication: Publication, period: Period) -> Amount | None:
        if not self._is_known(figures, period) or not publication.is_complete(period):
            return None
        if self.kind == NumberFormat.SHARE:
            (name,) = self.parts
            return publication.share_range(name, period)
        if self.kind == NumberFormat.PERCENT:
            part, rest = publication.total(self.parts, period), publication.total(self.rest, period)
            return part.percent_beside(rest) if part and rest else None
        if self.is_exact and not self.less:
            return self._build_exact(figures, publication, period)
        own = publication.total(self.parts, period) if not self.is_exact else self._exact_less(publication, period)
        if self.of is None or own is None:
            return own
        for_each = self.of._build_amount(figures, publication, period)  # noqa: SLF001 -- another row
        return own.divide(for_each, places=1) if for_each else None

    def _exact_less(self, publication: Publication, period: Period) -> Amount | None:
        less = publication.total(self.less, period)
        return less and (Amount.exact(publication.exact(self.parts, period)) + less.times(-1)).at_least_nought()

    def _build_exact(self, figures: Figures, publication: Publication, period: Period) -> Amount | None:
        refuse_people(self.parts)
        if self.kind not in (NumberFormat.MONEY, NumberFormat.WEEKS):
            return Amount.exact(self._add_up(figures, period))
        own = self._add_up(figures, period)
        if self.of is None or self.of.is_exact:
            figure = self._relate(own, self.of._add_up(figures, period) if self.of else None, period)  # noqa: SLF001 -- another row
            return None if figure is None else Amount.exact(figure)
        for_each = self.of._build_amount(figures, publication, period)  # noqa: SLF001 -- another row
        # Where nothing was paid, no visit was free.
        return Amount.exact(Decimal(own) / 100).divide(for_each, places=2) if for_each and own else None

    # --- For both -------------------------------------------------------------------------------------------------

    def _relate(self, own: int, of: int | None, period: Period) -> int | Decimal | None:
        match self.kind:
            case NumberFormat.WEEKS:
                return _weeks_left(own, of, (period.end - period.first).days)
            case NumberFormat.MONEY if self.of is None:
                return Decimal(own) / 100
            case NumberFormat.MONEY:
                return round(Decimal(own) / 100 / of, 2) if own and of else None
            case NumberFormat.EACH:
                return round(Decimal(own) / of, 1) if of else None
        return own

    def _is_known(self, figures: Figures, period: Period) -> bool:
        if not figures.covers(period) or period.span < self.finest:
            return False
        return not self.since or any(figures.first_months.get(name, period.end) < period.end for name in self.since)

    def _add_up(self, figures: Figures, period: Period) -> int:
        if self.to_date:
            months = [month for month in figures.months if month < period.end]
            return sum(n * figures.numbers.get((name, month), 0) for name, n in self.parts.items() for month in months)
        return _add_parts(figures, self.parts, period) - _add_parts(figures, self.less, period)


def _add_parts(figures: Figures, parts: Parts, period: Period) -> int:
    return sum(factor * figures.add_up(name, period) for name, factor in parts.items())


def _weeks_left(left: int, spent: int | None, days: int) -> int | None:
    """Return the whole weeks that `left` lasts at the pace of `spent` in `days`; None where nothing was spent."""
    if not spent or spent < 0:
        return None
    return max(0, int(Decimal(left) / Decimal(spent) * days / 7))


SectionQueries = Callable[[dt.date, dt.date], Iterable[Any]]


@dataclass(frozen=True)
class Section:
    """One table of a report: its title, the source of its figures, and its rows.

    `build_queries` returns querysets of (what, of, label, month, number), from one month until before another. All
    sections are fetched in one statement; a line of a list comes with the number nought, so that it is known while
    nobody counted it. `find_shares` says which series are shares, and of what.
    """

    slug: str
    title: StrOrPromise
    source: StrOrPromise
    build_rows: Callable[[Figures], Sequence[ReportRow]]
    build_queries: SectionQueries | None = None
    find_shares: Callable[[Figures], Mapping[str, Share]] | None = None
