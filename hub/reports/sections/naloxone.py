"""Naloxone kits given out, and overdose reversals that people reported. Neither log is joined to visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.reports.query import count_query
from hub.reports.rows import Figures, NumberFormat, ReportRow, Section


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Naloxone by product, repeat kits, reversals, and those with a call to 999."""
    given = NaloxoneGiven.objects.filter(month__gte=first, month__lt=end)
    yield count_query(given, "naloxone", of="product", called="product__name", number=Sum("kits"))
    yield count_query(given.filter(again=True), "again", number=Sum("kits"))
    reported = Reversal.objects.filter(month__gte=first, month__lt=end)
    yield count_query(reported, "reversals", number=Count("pk"))
    yield count_query(reported.filter(called_999=True), "called", number=Count("pk"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Kits, the share of repeat kits, reversals, and the share with a call to 999."""
    kits = figures.names("naloxone")
    every = ReportRow(_now("Naloxone kits given out"), {name: 1 for name, _label in kits})
    reported = ReportRow(_now("Overdoses reversed that we were told of"), {"reversals:": 1})
    return [
        every,
        *(ReportRow(label, {name: 1}) for name, label in kits if len(kits) > 1),
        ReportRow(_now("Of these kits, to somebody who had one before"), {"again:": 1}, NumberFormat.PERCENT, of=every),
        reported,
        ReportRow(_now("Of these, where 999 was called"), {"called:": 1}, NumberFormat.PERCENT, of=reported),
    ]


SECTION = Section(
    "naloxone",
    _("Naloxone"),
    _("The log of kits given, and what people told us of overdoses. Neither knows a visit, an evening or a person."),
    build_rows,
    build_queries,
)
