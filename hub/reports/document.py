"""A report as everybody may see it: its tables from buckets and exact numbers, as plain JSON that is frozen.

Each table: slug, title, source, heads of its columns, and rows of (label, group, kind, cells). A cell is a number, a
`*`, both ends of a range, or nothing. Whatever shows an edition reads this, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hub.core.periods import Period, Span, months_on
from hub.disclosure.buckets import Cell
from hub.disclosure.leaves import Publication, Share
from hub.disclosure.measures import VISITS
from hub.reports.rows import Figures, NumberFormat, ReportRow, Section

TREND = "trend"
TREND_MONTHS = 24

Document = list[dict[str, Any]]


def compared_periods(period: Period) -> list[Period]:
    """Return the periods side by side in a report: this one, the one before, and a year earlier."""
    return list(dict.fromkeys([period, period.before, period.a_year_before]))


def shown_periods(period: Period) -> list[Period]:
    """Return the columns of a table: the compared periods, then the months of a quarter or the quarters of a year.

    With those a reader can add up what the period is the sum of.
    """
    shorter = {Span.YEAR: Span.QUARTER, Span.QUARTER: Span.MONTH}.get(period.span)
    parts = [Period.of(month, shorter) for month in period.months] if shorter else []
    return [*compared_periods(period), *dict.fromkeys(parts)]


def months_needed(period: Period) -> tuple[dt.date, dt.date]:
    """Return the first month needed to show a period beside the others, and the month after the last."""
    return min(period.a_year_before.first, months_on(period.end, -TREND_MONTHS)), period.end


def trend_periods(publication: Publication, period: Period) -> list[Period]:
    """The last 24 months of a period, the oldest first, each as long as the grain of visits in its year."""
    periods = []
    month = months_on(period.end, -TREND_MONTHS)
    while month < period.end:
        one = Period.of(month, publication.grain(VISITS, month.year))
        if one.first >= months_on(period.end, -TREND_MONTHS) and one.end <= period.end:
            periods.append(one)
        month = one.end
    return periods


def find_shares(sections: Iterable[Section], figures: Figures) -> dict[str, Share]:
    """Return which series are shares, and of what."""
    shares: dict[str, Share] = {}
    for section in sections:
        shares |= section.find_shares(figures) if section.find_shares else {}
    return shares


def build_document(sections: Sequence[Section], period: Period, figures: Figures, publication: Publication) -> Document:
    """Build a period's tables. The publication collects every leaf in them that was not published before."""
    document = [_build_table(section, period, figures, publication) for section in sections]
    periods = trend_periods(publication, period)
    rows = [_build_row(ReportRow(one.short, {VISITS: 1}), [one], figures, publication) for one in periods]
    put_right = [line for row, one in zip(rows, periods, strict=True) for line in _list_put_right([row], [one])]
    document.append(
        {
            "slug": TREND,
            "title": _("Visits over two years"),
            "source": _("The totals of each month. A month that is not complete is not shown."),
            "columns": [_("Visits")],
            "rows": rows,
            "later": [],
            "put_right": put_right,
        }
    )
    return document


def fingerprint(document: Document) -> str:
    """Return a digest of a document: what somebody saw before they published it."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _build_table(section: Section, period: Period, figures: Figures, publication: Publication) -> dict[str, Any]:
    columns = shown_periods(period)
    rows, later = [], []
    for row in section.build_rows(figures):
        if row.is_private:
            continue
        grain = row.grain(publication, period)
        if grain > period.span:
            later.append((grain, row))
            continue
        built = _build_row(row, columns, figures, publication)
        if not _is_empty(row, built["cells"]):
            rows.append(built)
    columns = _drop_unsaid(rows, columns, keep=len(compared_periods(period)))
    return {
        "slug": section.slug,
        "title": str(section.title),
        "source": str(section.source),
        "columns": [column.short for column in columns],
        "rows": rows,
        "later": _list_later(later, is_all=not rows),
        "put_right": _list_put_right(rows, columns),
    }


def _is_empty(row: ReportRow, cells: Sequence[Cell]) -> bool:
    """Whether a line says nothing: of a list while it is nought, of a question while too few answered.

    A rule of what is shown, like everything here: the true number is never asked.
    """
    said = {None, 0} if row.is_optional else {None}
    return (row.is_optional or row.kind == NumberFormat.SHARE) and all(
        not isinstance(cell, list) and cell in said for cell in cells
    )


def _drop_unsaid(rows: Sequence[dict[str, Any]], columns: Sequence[Period], *, keep: int) -> list[Period]:
    """Drop the columns after the first ones from a table whose every line is for longer periods."""
    if any(cell is not None for row in rows for cell in row["cells"][keep:]):
        return list(columns)
    for row in rows:
        row["cells"], row["put_right"] = row["cells"][:keep], row["put_right"][:keep]
    return list(columns[:keep])


def _build_row(row: ReportRow, columns: Sequence[Period], figures: Figures, publication: Publication) -> dict[str, Any]:
    days = [row.put_right_on(publication, column) for column in columns]
    return {
        "label": row.label,
        "group": row.group,
        "kind": row.kind,
        "sum": row.is_total,
        "cells": [row.build_cell(figures, publication, column) for column in columns],
        "put_right": [f"{day}" if day else None for day in days],
    }


def _list_later(later: Sequence[tuple[Span, ReportRow]], *, is_all: bool) -> list[dict[str, Any]]:
    """Say which rows are shown for longer periods only: a list by its groups, or nothing more than “all of it”."""
    listed = []
    for span in (Span.QUARTER, Span.YEAR):
        rows = [row for grain, row in later if grain == span]
        if rows:
            names = dict.fromkeys(row.group if row.is_optional and row.group else row.label for row in rows)
            listed.append({"span": int(span), "labels": [] if is_all and len(rows) == len(later) else [*names]})
    return listed


def _list_put_right(rows: Iterable[dict[str, Any]], columns: Sequence[Period]) -> list[dict[str, str]]:
    return [
        {"label": row["label"], "column": column.short, "day": day}
        for row in rows
        for column, day in zip(columns, row.pop("put_right"), strict=True)
        if day
    ]
