"""What was asked for and not there, and what the law stopped: why more is needed."""

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


def _asks(*reasons: str) -> Any:
    def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
        """The month's shortfalls, by thing: what is in the catalogue, and what is not."""
        yield count_query(
            Shortfall.objects.filter(month__gte=first, month__lt=end, reason__in=reasons),
            F("reason"),
            of=Coalesce(F("item"), F("wish") * -1),
            called=Coalesce(F("item__name"), F("wish__name")),
        )

    return build_queries


def _lines(figures: Figures, reason: str, group: str) -> Sequence[ReportRow]:
    return [ReportRow(label, {name: 1}, group=group) for name, label in figures.names(reason)]


def law(figures: Figures) -> Sequence[ReportRow]:
    """What the law keeps us from giving."""
    named = figures.names(Reason.LAW)
    every = ReportRow(_now("All together"), {name: 1 for name, _label in named}, is_total=True)
    return [every, *(ReportRow(label, {name: 1}) for name, label in named)] if named else []


def missing(figures: Figures) -> Sequence[ReportRow]:
    """What we were out of, and what we do not stock."""
    return [
        *_lines(figures, Reason.OUT, _now("We had run out")),
        *_lines(figures, Reason.NOT_STOCKED, _now("We do not stock it")),
    ]


LAW = Section(
    "law",
    _("What the law stopped"),
    _("What people asked for at the desk and the law does not let us give, counted by month. Nobody wrote who asked."),
    law,
    _asks(Reason.LAW),
)
MISSING = Section(
    "missing",
    _("Asked for and not there"),
    _("What people asked for at the desk and could not have, counted by month. Nobody wrote who asked."),
    missing,
    _asks(Reason.OUT, Reason.NOT_STOCKED),
)
