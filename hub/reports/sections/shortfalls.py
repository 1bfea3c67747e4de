"""Shortfalls: items asked for and not given, because of the law or of our stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.query import count_query
from hub.reports.rows import Figures, ReportRow, Section
from supplies.models import Shortfall

Reason = Shortfall.Reason


def _query_builder(*reasons: str) -> Any:
    def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
        """Shortfalls by item of the catalogue or by the name people asked for."""
        yield count_query(
            Shortfall.objects.filter(month__gte=first, month__lt=end, reason__in=reasons),
            F("reason"),
            of=Coalesce(F("item"), F("wish") * -1),
            called=Coalesce(F("item__name"), F("wish__name")),
        )

    return build_queries


def _group_rows(figures: Figures, reason: str, group: str) -> Sequence[ReportRow]:
    return [ReportRow(label, {name: 1}, group=group) for name, label in figures.names(reason)]


def build_law_rows(figures: Figures) -> Sequence[ReportRow]:
    """Items that the law forbids us to give."""
    named = figures.names(Reason.LAW)
    every = ReportRow(_now("All together"), {name: 1 for name, _label in named}, is_total=True)
    return [every, *(ReportRow(label, {name: 1}) for name, label in named)] if named else []


def build_missing_rows(figures: Figures) -> Sequence[ReportRow]:
    """Items that had run out, and items that we do not stock."""
    return [
        *_group_rows(figures, Reason.OUT, _now("We had run out")),
        *_group_rows(figures, Reason.NOT_STOCKED, _now("We do not stock it")),
    ]


LAW = Section(
    "law",
    _("What the law stopped"),
    _("What people asked for at the desk and the law does not let us give, counted by month. Nobody wrote who asked."),
    build_law_rows,
    _query_builder(Reason.LAW),
)
MISSING = Section(
    "missing",
    _("Asked for and not there"),
    _("What people asked for at the desk and could not have, counted by month. Nobody wrote who asked."),
    build_missing_rows,
    _query_builder(Reason.OUT, Reason.NOT_STOCKED),
)
