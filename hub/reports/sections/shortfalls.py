"""Shortfalls: items asked for and not given, because of the law or of our stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.query import count_query, list_query
from hub.reports.rows import Figures, ReportRow, Section
from supplies.models import Shortfall, Wish

Reason = Shortfall.Reason


def _query_builder(*reasons: str) -> Any:
    def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
        """Shortfalls by item of the catalogue or by the name people asked for, and every such name."""
        yield count_query(
            Shortfall.objects.filter(month__gte=first, month__lt=end, reason__in=reasons),
            F("reason"),
            of=Coalesce(F("item"), F("wish") * -1),
            called=Coalesce(F("item__name"), F("wish__name")),
        )
        for reason in reasons:
            yield list_query(Wish.objects.all(), reason, first, of=F("pk") * -1)

    return build_queries


def _build_rows(figures: Figures, reason: str, group: str = "") -> list[ReportRow]:
    """Everything that can be asked for, by name: the catalogue, and what people asked for beside it."""
    items = {f"{reason}:{item.pk}": item.name for item in figures.items.values()}
    named = items | dict(figures.names(reason))
    return [
        ReportRow(label, {name: 1}, group=group, is_optional=True)
        for name, label in sorted(named.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
    ]


def build_law_rows(figures: Figures) -> Sequence[ReportRow]:
    """Items that the law forbids us to give."""
    rows = _build_rows(figures, Reason.LAW)
    parts = {name: 1 for row in rows for name in row.parts}
    return [ReportRow(_now("All together"), parts, is_total=True, is_optional=True), *rows]


def build_missing_rows(figures: Figures) -> Sequence[ReportRow]:
    """Items that had run out, and items that we do not stock."""
    return [
        *_build_rows(figures, Reason.OUT, _now("We had run out")),
        *_build_rows(figures, Reason.NOT_STOCKED, _now("We do not stock it")),
    ]


LAW = Section(
    "law",
    _("What the law stopped"),
    _(
        "What people asked for at the desk and the law does not let us give, counted by month. We do not write who "
        "asked."
    ),
    build_law_rows,
    _query_builder(Reason.LAW),
)
MISSING = Section(
    "missing",
    _("Asked for and not here"),
    _("What people asked for at the desk and we did not have, counted by month. We do not write who asked."),
    build_missing_rows,
    _query_builder(Reason.OUT, Reason.NOT_STOCKED),
)
