"""Charts of an edition, each with a sentence for people who read no tables. Drawn from published figures only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hub.core.periods import Span
from hub.disclosure.buckets import HIDDEN, HIGHEST_SHARE, LOWEST_SHARE
from hub.reports.document import TREND, Document
from supplies.charts import bars, columns
from volunteers.shared import locality

MAX_BARS = 8
GROUP_DIGITS_FROM = 1000
"""The smallest number written in groups of digits, in every language."""
ROTA = ("shifts", "shifts short", "people short")
"""The rows of the rota's chart. Hours stay out, since they are shown by the quarter only."""


@dataclass(frozen=True)
class Chart:
    """One chart: its sentence, its drawing, and the rows it shows."""

    slug: str
    title: str
    sentence: str
    svg: SafeString
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def format_figure(value: Any, kind: str = "count") -> str:
    """Write one figure for a page, a sheet or a sentence: a number, a star, or both ends of a range."""
    if value is None or value == HIDDEN:
        return value or "–"
    if isinstance(value, int) and kind == "count" and 0 <= value < GROUP_DIGITS_FROM:
        return str(value)  # Most figures, and Django takes its time even with these.
    if kind == "share":
        return _format_share(value)
    return _format_range(value, kind) if isinstance(value, list) else _format_number(value, kind)


def _format_range(ends: list[int], kind: str) -> str:
    if kind == "money":
        return locality.known().write_money("–".join(_write_number(end, places=2) for end in ends))
    low, high = (format_figure(end, kind) for end in ends)
    return f"{low.removesuffix('%')}–{high}"


def _format_number(value: int | str, kind: str) -> str:
    number = _write_number(value, places={"money": 2, "each": 1, "percent": 0}.get(kind))
    if kind == "money":
        return locality.known().write_money(number)
    return f"{number}%" if kind == "percent" else number


def _write_number(value: int | str, *, places: int | None) -> str:
    exact = value if isinstance(value, int) else Decimal(value)
    return number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)


def _format_share(value: int | list[int]) -> str:
    if isinstance(value, list):
        return _("%(low)s to %(high)s") % {"low": _format_share(value[0]), "high": _format_share(value[1])}
    if value == LOWEST_SHARE:
        return _("under 10%")
    return _("over 90%") if value == HIGHEST_SHARE else _("about %(n)d%%") % {"n": value}


HEADLINES = (("visits", 0), ("visits", 1), ("openings", 1), ("given", 0), ("naloxone", 0), ("school", 1))
"""The lines everybody asks for first, by table and place; only counts are shown, and no star."""


def build_headlines(document: Document) -> list[tuple[str, str, str]]:
    """Return the few large figures of an edition, as (label, figure, figure before)."""
    tables = {table["slug"]: table for table in document if table["rows"]}
    headlines = []
    for slug, place in HEADLINES:
        rows = tables[slug]["rows"] if slug in tables else []
        row = rows[place] if place < len(rows) else None
        # Of what went out only the sets: any other line stands first by chance.
        if row and slug == "given" and not row["sum"]:
            continue
        if row and row["kind"] == "count" and isinstance(row["cells"][0], (int, list)) and row["cells"][0]:
            before = row["cells"][1] if len(row["cells"]) > 1 else None
            words = _("%(n)s in %(period)s") % {"n": format_figure(before), "period": tables[slug]["columns"][1]}
            is_known = isinstance(before, (int, list))
            headlines.append((row["label"], format_figure(row["cells"][0]), words if is_known else ""))
    return headlines


def format_tables(document: Document, *, without_trend: bool = False) -> list[dict[str, Any]]:
    """Return the tables with every figure as text. `without_trend` leaves out the table of the trend chart."""
    return [
        {
            **table,
            "rows": [_format_row(row) for row in table["rows"]],
            "later": [_describe_later(line) for line in table["later"]],
            "put_right": [{**line, "day": dt.date.fromisoformat(line["day"])} for line in table["put_right"]],
        }
        for table in document
        if table["slug"] != TREND or not without_trend
    ]


def _format_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "cells": [format_figure(cell, row["kind"]) for cell in row["cells"]]}


def _describe_later(line: Mapping[str, Any]) -> str:
    words = {"names": ", ".join(line["labels"])}
    if line["span"] == Span.YEAR:
        return (
            _("Shown by the year only: %(names)s.") % words if line["labels"] else _("We show all of this by the year.")
        )
    if line["labels"]:
        return _("Shown by the quarter only: %(names)s.") % words
    return _("We show all of this by the quarter.")


def find_middle(cell: Any) -> int:
    """The number a cell is sorted and compared by: the middle of a range."""
    if isinstance(cell, list):
        return int(sum(cell)) // 2
    return cell if isinstance(cell, int) else 0


def build_charts(document: Document) -> list[Chart]:
    """Return every chart that has a figure to show."""
    return list(_iter_charts({table["slug"]: table for table in document if table["rows"]}))


def _iter_charts(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Chart]:
    if trend := tables.get(TREND):
        rows = [(row["label"], row["cells"][0]) for row in trend["rows"]]
        known = [(name, number) for name, number in rows if number is not None]
        if known:
            yield _build_chart(TREND, trend, columns(rows, trend["title"]), _describe_trend(known), known)
    for slug, sentence in (("given", _describe_given), ("missing", _describe_missing), ("law", _describe_law)):
        if (table := tables.get(slug)) and (rows := _largest_rows(table)):
            yield _build_chart(slug, table, bars(rows, table["title"]), sentence(rows), rows)
    rota = tables.get("volunteering")
    if rota and len(rows := _first_column(rota)[1:]) == len(ROTA) and rows[0][1]:
        yield _build_chart("rota", rota, bars(rows, rota["title"]), _describe_rota(rows), rows)
    school = tables.get("school")
    # With neither a session nor anybody who came there is nothing to draw.
    if school and (rows := _first_column(school)) and any(number for _name, number in rows):
        yield _build_chart("school", school, bars(rows, school["title"]), _describe_school(rows), rows)


def _build_chart(slug: str, table: Mapping[str, Any], svg: SafeString, sentence: str, rows: Any) -> Chart:
    head = [table["title"], table["columns"][0]]
    return Chart(slug, table["title"], sentence, svg, head, [(name, format_figure(number)) for name, number in rows])


def _first_column(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(row["label"], row["cells"][0]) for row in table["rows"] if row["kind"] == "count"]


def _largest_rows(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The largest rows, sums left out; hidden ones last, in the table's order: their order must not tell."""
    rows = [row for row in table["rows"] if row["kind"] == "count" and not row.get("sum")]
    shown = [(row["label"], row["cells"][0]) for row in rows if find_middle(row["cells"][0])]
    hidden = [(row["label"], HIDDEN) for row in rows if row["cells"][0] == HIDDEN]
    return [*sorted(shown, key=lambda row: -find_middle(row[1])), *hidden][:MAX_BARS]


def _describe_trend(known: Sequence[tuple[str, Any]]) -> str:
    name, number = known[-1]
    numbers = [n for _name, n in known if isinstance(n, int)]
    if number == HIDDEN:
        return _("Too few visits in %(month)s to show a number.") % {"month": name}
    if numbers and number == max(numbers) and len(numbers) > 1:
        words = {"n": format_figure(number), "month": name}
        return _("%(n)s visits in %(month)s. No month shown has more.") % words
    return _("%(n)s visits in %(month)s.") % {"n": format_figure(number), "month": name}


def _describe_given(rows: Sequence[tuple[str, Any]]) -> str:
    name, number = rows[0]
    if number == HIDDEN:
        return _("What went out. Too little of each to show a number.")
    return _("What went out most: %(name)s, %(n)s.") % {"name": name, "n": format_figure(number)}


def _describe_missing(rows: Sequence[tuple[str, Any]]) -> str:
    name, number = rows[0]
    if number == HIDDEN:
        return _("People asked for some things we did not have.")
    return _("Most often asked for and not here: %(name)s, %(n)s times.") % {"name": name, "n": format_figure(number)}


def _describe_law(rows: Sequence[tuple[str, Any]]) -> str:
    name, number = rows[0]
    if number == HIDDEN:
        return _("People asked for things that the law does not let us give.")
    return _("%(n)s times people asked for this and the law did not let us: %(name)s.") % {
        "name": name,
        "n": format_figure(number),
    }


def _describe_rota(rows: Sequence[tuple[str, Any]]) -> str:
    shifts, short, people = (number for _name, number in rows)
    if HIDDEN in (short, people):
        return _("Some of %(n)s shifts had too few people. We cannot show how many.") % {"n": format_figure(shifts)}
    if short is None:
        return _("%(n)s shifts.") % {"n": format_figure(shifts)}
    if not short:
        return _("All %(n)s shifts had as many people as they needed.") % {"n": format_figure(shifts)}
    return _("%(short)s of %(n)s shifts had too few people. %(people)s people were missing in all.") % {
        "short": format_figure(short),
        "n": format_figure(shifts),
        "people": format_figure(people),
    }


def _describe_school(rows: Sequence[tuple[str, Any]]) -> str:
    name, number = rows[0]
    shown = _("too few to show") if number == HIDDEN else format_figure(number)
    return _("%(name)s: %(n)s.") % {"name": name, "n": shown}
