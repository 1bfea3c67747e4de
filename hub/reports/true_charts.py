"""Charts of the true figures of a range of months, with their tables. For coordinators only: nothing is rounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.core.periods import Period, Span, months_between, months_on
from hub.reports.charts import format_figure
from hub.reports.rows import Figures, ReportRow, Section
from hub.reports.sections import given, openings, school, visits, volunteering
from volunteers.shared.charts import bars, columns, stacked_columns

SECTIONS = (visits.SECTION, openings.SECTION, given.SECTION, volunteering.SECTION, school.SECTION)
MAX_BARS = 12


@dataclass(frozen=True)
class MonthRange:
    """Months from one to another, both with it. Those that are not complete have no figures."""

    first: dt.date
    last: dt.date

    def __str__(self) -> str:
        """As people say it: “January to March 2026”, “December 2025 to January 2026”."""
        last = date_format(self.last, "YEAR_MONTH_FORMAT")
        if self.first == self.last:
            return last
        first = date_format(self.first, "F" if self.first.year == self.last.year else "YEAR_MONTH_FORMAT")
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def periods(self) -> list[Period]:
        """Each of its months."""
        return [Period(month, Span.MONTH) for month in months_between(self.first, self.last)]

    @property
    def end(self) -> dt.date:
        """The first day after it."""
        return months_on(self.last, 1)


@dataclass(frozen=True)
class TrueRow:
    """One line: its label, and its number in each month; None where the month is not complete.

    A sum stands in the table and in no picture, where it would count its parts twice.
    """

    label: str
    numbers: Sequence[int | None]
    is_sum: bool

    @property
    def total(self) -> int:
        """The sum of the months that are known."""
        return sum(number or 0 for number in self.numbers)


@dataclass(frozen=True)
class TrueChart:
    """One picture: its sentence, its drawing, and the table below it; all lines stand in the file as well."""

    slug: str
    title: str
    sentence: str
    svg: SafeString
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def build_true_rows(figures: Figures, months: MonthRange) -> dict[str, list[TrueRow]]:
    """Build the lines of each section that are counts, by its slug; a list's lines only where one is not nought."""
    return {section.slug: list(_iter_rows(section, figures, months)) for section in SECTIONS}


def _iter_rows(section: Section, figures: Figures, months: MonthRange) -> Iterator[TrueRow]:
    for row in section.build_rows(figures):
        if row.kind != "count" or row.finest > Span.MONTH:
            continue
        numbers = [_read_number(row, figures, period) for period in months.periods]
        if any(numbers) or not row.is_optional:
            yield TrueRow(str(row.label), numbers, row.is_total)


def _read_number(row: ReportRow, figures: Figures, period: Period) -> int | None:
    number = row.true_figure(figures, period)
    return None if number is None else int(number)


def build_true_charts(rows: dict[str, list[TrueRow]], months: MonthRange) -> list[TrueChart]:
    """Build every chart that has something to show."""
    names = [period.short for period in months.periods]
    builders: tuple[Callable[[dict[str, list[TrueRow]], list[str]], TrueChart | None], ...] = (
        _build_visits,
        _build_given,
        _build_shifts,
        _build_school,
    )
    return [chart for build in builders if (chart := build(rows, names))]


def _build_visits(rows: dict[str, list[TrueRow]], names: list[str]) -> TrueChart | None:
    came, people = rows[visits.SECTION.slug]
    held = rows[openings.SECTION.slug][1]
    if not came.total:
        return None
    most, month = max((number or 0, name) for number, name in zip(came.numbers, names, strict=True))
    sentence = ngettext("%(n)s visit.", "%(n)s visits.", came.total) % {"n": format_figure(came.total)}
    if len(names) > 1:
        best = {"n": format_figure(most), "month": month}
        sentence += " " + _("The most in one month: %(n)s in %(month)s.") % best
    title = str(visits.SECTION.title)
    svg = columns(list(zip(names, came.numbers, strict=True)), title)
    head = [_("Month"), came.label, people.label, held.label]
    return TrueChart("visits", title, sentence, svg, head, _list_by_month(names, came, people, held))


def _build_given(rows: dict[str, list[TrueRow]], _names: list[str]) -> TrueChart | None:
    lines = [row for row in rows[given.SECTION.slug] if row.total]
    largest = sorted((row for row in lines if not row.is_sum), key=lambda row: -row.total)
    if not largest:
        return None
    top = largest[0]
    sentence = _("What went out most: %(name)s, %(n)s.") % {"name": top.label, "n": format_figure(top.total)}
    title = str(given.SECTION.title)
    svg = bars([(row.label, row.total) for row in largest[:MAX_BARS]], title)
    sums = [row for row in lines if row.is_sum]
    table = [(row.label, format_figure(row.total)) for row in [*sums, *largest]]
    return TrueChart("given", title, sentence, svg, [_("What"), _("Given out")], table)


def _build_shifts(rows: dict[str, list[TrueRow]], names: list[str]) -> TrueChart | None:
    shifts, short, people = rows[volunteering.SECTION.slug]
    if not shifts.total:
        return None
    words = ngettext(
        "%(n)s of %(all)s shift had everybody it needed.",
        "%(n)s of %(all)s shifts had everybody they needed.",
        shifts.total,
    )
    staffed = shifts.total - short.total
    sentence = words % {"n": format_figure(staffed), "all": format_figure(shifts.total)}
    title = _("Shifts staffed")
    drawn = [
        (name, None if number is None else (number - (lacking or 0), number))
        for name, number, lacking in zip(names, shifts.numbers, short.numbers, strict=True)
    ]
    head = [_("Month"), shifts.label, short.label, people.label]
    table = _list_by_month(names, shifts, short, people)
    return TrueChart("shifts", title, sentence, stacked_columns(drawn, title), head, table)


def _build_school(rows: dict[str, list[TrueRow]], names: list[str]) -> TrueChart | None:
    sessions, came, *finished = rows[school.SECTION.slug]
    if not any(row.total for row in (sessions, came, *finished)):
        return None
    sentence = " ".join(
        [
            ngettext("%(n)s session.", "%(n)s sessions.", sessions.total) % {"n": format_figure(sessions.total)},
            ngettext("%(n)s time somebody came.", "%(n)s times somebody came.", came.total)
            % {"n": format_figure(came.total)},
        ]
    )
    title = str(school.SECTION.title)
    svg = columns(list(zip(names, came.numbers, strict=True)), f"{title}: {came.label}")
    head = [_("Month"), *(row.label for row in (sessions, came, *finished))]
    return TrueChart("school", title, sentence, svg, head, _list_by_month(names, sessions, came, *finished))


def _list_by_month(names: list[str], *rows: TrueRow) -> list[list[str]]:
    numbers = zip(names, *(row.numbers for row in rows), strict=True)
    return [[name, *(format_figure(number) for number in line)] for name, *line in numbers]


def list_incomplete(figures: Figures, months: MonthRange) -> list[str]:
    """List the months of a range that are not complete, as people say them."""
    return [period.label for period in months.periods if period.first not in figures.completed]


def build_file_rows(rows: dict[str, list[TrueRow]], months: MonthRange) -> Iterator[list[Any]]:
    """The rows of the file: for each section its title, the months across, and each line. A gap is empty."""
    for section in SECTIONS:
        if lines := rows[section.slug]:
            yield [str(section.title)]
            yield ["", *(f"{period}" for period in months.periods)]
            yield from (list(chain([row.label], row.numbers)) for row in lines)
            yield []
