"""Test strip results that people reported. No strip ever says that something is safe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.logs.models.strips import StripResult
from hub.reports.query import count_query
from hub.reports.rows import Figures, ReportRow, Section

Shown = StripResult.Reading


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The log by strip and result."""
    reported = StripResult.objects.filter(month__gte=first, month__lt=end)
    what = Concat(F("line"), Value(":"), Cast(F("strip"), CharField()))
    yield count_query(reported, "strips", of=what, called="strip__name", number=Count("pk"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """All results of each strip, and those that found something or nothing."""
    strips: dict[str, dict[str, int]] = {}
    for name, label in figures.names("strips"):
        strips.setdefault(label, {})[name] = 1
    rows = []
    for label, every in strips.items():
        rows.append(ReportRow(_now("Results we were told of"), every, group=label))
        for line, words in (
            (Shown.ABSENT, _now("It found something")),
            (Shown.PRESENT, _now("It found nothing it knows")),
        ):
            parts = {name: 1 for name in every if name.split(":")[1] == line}
            if parts:
                rows.append(ReportRow(words, parts, group=label))
    return rows


SECTION = Section(
    "strips",
    _("Test strips"),
    _("The log of results people told us. It knows no visit. A strip that found nothing says nothing about safety."),
    build_rows,
    build_queries,
)
