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
from hub.disclosure.gate import SECONDS, Cell, Fact, Plain, Shared, Table, share
from hub.reports.rows import Found, Line, Section
from hub.reports.sections.visits import VISITS

TREND = "trend"
TREND_MONTHS = 24

Document = list[dict[str, Any]]


def columns(period: Period) -> list[Period]:
    """What a report sets side by side: the period, the one before, and the same a year earlier."""
    return list(dict.fromkeys([period, period.before, period.a_year_before]))


def trend_months(period: Period) -> list[Period]:
    """The last 24 months of a period, the oldest first."""
    return [Period(months_on(period.end, -n), Span.MONTH) for n in range(TREND_MONTHS, 0, -1)]


def reaches(period: Period, facts: Iterable[Fact]) -> tuple[dt.date, dt.date]:
    """From which month until before which one figures are needed to show a period, and to attack it."""
    months = [month for fact in facts for (_name, month), _times in fact.of.parts]
    first = min([*months, period.a_year_before.first, trend_months(period)[0].first])
    return first, max([*(months_on(month, 1) for month in months), period.end])


def share_document(  # noqa: PLR0913 -- what the gate is told is said by name
    sections: Sequence[Section],
    period: Period,
    found: Found,
    *,
    published: Iterable[Fact] = (),
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Document, tuple[Fact, ...]]:
    """Put a period's tables through the gate, beside everything published before."""
    lines = {section.slug: lines_of(section, found) for section in sections}
    tables = [
        Table(slug, tuple(tuple(line.cell(found, column) for column in columns(period)) for line in made))
        for slug, made in lines.items()
    ]
    trend = Table(TREND, tuple((_came(found, month),) for month in trend_months(period)))
    shared = share(
        [*tables, trend],
        sealed=found.sealed,
        now=found.numbers,
        published=published,
        common=[known for section in sections if section.common for known in section.common(found)],
        seconds=seconds,
        progress=progress,
    )
    document = [
        {
            "slug": section.slug,
            "title": str(section.title),
            "source": str(section.source),
            "columns": [column.short for column in columns(period)],
            "rows": _rows(shared, section.slug, lines[section.slug]),
        }
        for section in sections
    ]
    document.append(
        {
            "slug": TREND,
            "title": _("Visits, month by month"),
            "source": _("The tallies of each month. A month that is not complete yet is left out."),
            "columns": [_("Visits")],
            "rows": _rows(shared, TREND, [Line(month.short) for month in trend_months(period)]),
        }
    )
    return document, shared.facts


def lines_of(section: Section, found: Found) -> list[Line]:
    """The lines of a table. A thing that was never counted is none; what always matters is one even at zero."""
    counted = {name for name, _month in found.numbers}
    return [line for line in section.lines(found) if not line.group or not counted.isdisjoint(line.parts)]


def fingerprint(found: Found, editions: Iterable[Any]) -> str:
    """What a draft was made from: if this is another one by now, it has to be made again."""
    numbers = sorted((name, f"{month}", number) for (name, month), number in found.numbers.items())
    made_of = json.dumps([numbers, sorted(f"{month}" for month in found.sealed), [str(one) for one in editions]])
    return hashlib.sha256(made_of.encode()).hexdigest()


def _came(found: Found, month: Period) -> Cell:
    return Line("", VISITS).cell(found, month) if found.covers(month) else Plain(None)


def _rows(shared: Shared, slug: str, lines: Sequence[Line]) -> list[dict[str, Any]] | None:
    rows = shared.rows[slug]
    if rows is None:
        return None
    return [
        {
            "label": line.label,
            "group": line.group,
            "kind": line.kind,
            "sum": line.sum,
            "cells": [f"{cell}" if isinstance(cell, Decimal) else cell for cell in row],
        }
        for line, row in zip(lines, rows, strict=True)
    ]
