"""Waste: items expired, broken or recalled. They count things, so they are exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from hub.reports.query import count_query, month_expression
from hub.reports.rows import Figures, ReportRow, Section
from supplies.models import Movement


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The wasted quantities in the ledger."""
    rows = Movement.objects.filter(kind=Movement.Kind.WASTED, made_on__gte=first, made_on__lt=end)
    yield count_query(
        rows, "wasted", of="item", called="item__name", month=month_expression("made_on"), number=-Sum("quantity")
    )


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Every item with waste. Beside what went out it is a rest, so it is no exact number."""
    items = {f"wasted:{item.pk}": item.name for item in figures.items.values()}
    return [ReportRow(label, {name: 1}, is_optional=True) for name, label in items.items()]


SECTION = Section(
    "wasted",
    _("Wasted"),
    _("The stock records: past its date, broken or recalled."),
    build_rows,
    build_queries,
)
