"""Test strip results that people reported. No strip ever says that something is safe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, CharField, Count, F, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.logs.models.strips import Strip, StripResult
from hub.reports.query import count_query, list_query
from hub.reports.rows import Figures, ReportRow, Section

Shown = StripResult.Reading
UNCLEAR = "unclear"


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The log by reading and strip, and every strip."""
    reported = StripResult.objects.filter(month__gte=first, month__lt=end)
    clear = Case(When(line__in=[Shown.ABSENT, Shown.PRESENT], then=F("line")), default=Value(UNCLEAR))
    what = Concat(clear, Value(":"), Cast(F("strip"), CharField()), output_field=CharField())
    yield count_query(reported, "strips", of=what, called="strip__name", number=Count("pk"))
    yield list_query(Strip.objects.all(), "strip", first)


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """The readings of each strip, which share no result, and all of them together."""
    words = {
        Shown.ABSENT.value: _now("It found something"),
        Shown.PRESENT.value: _now("It found nothing it knows"),
        UNCLEAR: _now("It did not work, or we were not sure"),
    }
    rows = []
    for strip, label in figures.names("strip"):
        parts = {line: f"strips:{line}:{strip.partition(':')[2]}" for line in words}
        every = dict.fromkeys(parts.values(), 1)
        rows.append(ReportRow(_now("Results people told us"), every, group=label, is_optional=True, is_total=True))
        rows += [ReportRow(words[line], {name: 1}, group=label, is_optional=True) for line, name in parts.items()]
    return rows


SECTION = Section(
    "strips",
    _("Test strips"),
    _(
        "The log of results people told us, without a visit or a person. If a strip found nothing, that does not "
        "mean it is safe."
    ),
    build_rows,
    build_queries,
)
