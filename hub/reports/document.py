"""A report as it may leave: its tables through the gate, as plain JSON that is frozen when it is published.

Each table: slug, title, source, heads of its columns, and rows of (label, group, kind, cells); a cell is a number, a
`*` or nothing. A table that was withheld has no rows. Whatever shows an edition reads this, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hub.core.periods import Period, Span, months_on
from hub.disclosure.gate import SECONDS, Cell, ExactNumber, PublishedFact, SharedTables, TrueTable, share
from hub.reports.rows import Figures, ReportRow, Section
from hub.reports.sections.visits import VISITS

TREND = "trend"
TREND_MONTHS = 24

Document = list[dict[str, Any]]


def compared_periods(period: Period) -> list[Period]:
    """Return the periods side by side in a report: this one, the one before, and a year earlier."""
    return list(dict.fromkeys([period, period.before, period.a_year_before]))


def trend_months(period: Period) -> list[Period]:
    """The last 24 months of a period, the oldest first."""
    return [Period(months_on(period.end, -n), Span.MONTH) for n in range(TREND_MONTHS, 0, -1)]


def months_needed(period: Period, facts: Iterable[PublishedFact]) -> tuple[dt.date, dt.date]:
    """Return the first month needed to show a period and attack it, and the month after the last."""
    months = [month for fact in facts for (_name, month), _factor in fact.of.parts]
    first = min([*months, period.a_year_before.first, trend_months(period)[0].first])
    return first, max([*(months_on(month, 1) for month in months), period.end])


def share_document(  # noqa: PLR0913 -- what the gate is told is said by name
    sections: Sequence[Section],
    period: Period,
    figures: Figures,
    *,
    published: Iterable[PublishedFact] = (),
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Document, tuple[PublishedFact, ...]]:
    """Put a period's tables through the gate, beside everything published before."""
    rows = {section.slug: rows_to_show(section, figures) for section in sections}
    tables = [TrueTable(slug, _build_cells(of_table, figures, period)) for slug, of_table in rows.items()]
    trend = TrueTable(TREND, tuple((_visits_cell(figures, month),) for month in trend_months(period)))
    shared = share(
        [*tables, trend],
        completed=figures.completed,
        now=figures.numbers,
        published=published,
        common=[known for section in sections if section.common for known in section.common(figures)],
        seconds=seconds,
        progress=progress,
    )
    document = [
        {
            "slug": section.slug,
            "title": str(section.title),
            "source": str(section.source),
            "columns": [column.short for column in compared_periods(period)],
            "rows": _rows_as_json(shared, section.slug, rows[section.slug]),
        }
        for section in sections
    ]
    document.append(
        {
            "slug": TREND,
            "title": _("Visits, month by month"),
            "source": _("The tallies of each month. A month that is not complete yet is left out."),
            "columns": [_("Visits")],
            "rows": _rows_as_json(shared, TREND, [ReportRow(month.short) for month in trend_months(period)]),
        }
    )
    return document, shared.facts


def rows_to_show(section: Section, figures: Figures) -> list[ReportRow]:
    """Return the rows of a table. A row in a group is left out where nothing was ever counted."""
    counted = {name for name, _month in figures.numbers}
    return [row for row in section.build_rows(figures) if not row.group or not counted.isdisjoint(row.parts)]


def fingerprint(figures: Figures, editions: Iterable[Any]) -> str:
    """Return a digest of everything a draft was made from. Once it differs, the draft is made again."""
    numbers = sorted((name, f"{month}", number) for (name, month), number in figures.numbers.items())
    completed = sorted(f"{month}" for month in figures.completed)
    made_of = json.dumps([numbers, completed, [str(edition) for edition in editions]])
    return hashlib.sha256(made_of.encode()).hexdigest()


def _build_cells(rows: Sequence[ReportRow], figures: Figures, period: Period) -> tuple[tuple[Cell, ...], ...]:
    columns = compared_periods(period)
    return tuple(tuple(row.build_cell(figures, column) for column in columns) for row in rows)


def _visits_cell(figures: Figures, month: Period) -> Cell:
    return ReportRow("", VISITS).build_cell(figures, month) if figures.covers(month) else ExactNumber(None)


def _rows_as_json(shared: SharedTables, slug: str, rows: Sequence[ReportRow]) -> list[dict[str, Any]] | None:
    shown = shared.rows[slug]
    if shown is None:
        return None
    return [
        {
            "label": row.label,
            "group": row.group,
            "kind": row.kind,
            "sum": row.is_total,
            "cells": [f"{cell}" if isinstance(cell, Decimal) else cell for cell in cells],
        }
        for row, cells in zip(rows, shown, strict=True)
    ]
