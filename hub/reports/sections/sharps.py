"""Sharps bins returned, by size as seen from outside: nobody opens a bin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Sum, Value
from django.utils.translation import gettext_lazy as _

from hub.desk import sharps
from hub.desk.models.tallies import Measure, Tally
from hub.reports.query import count_query
from hub.reports.rows import Figures, ReportRow, Section


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies of sharps bins, by size whatever they held."""
    back = Tally.objects.filter(month__gte=first, month__lt=end, measure=Measure.BINS)
    for size, _label in sharps.SIZES:
        yield count_query(back.filter(key__startswith=f"{size}-"), "bins", of=Value(size), number=Sum("value"))
    yield count_query(back.filter(key=sharps.SOME), "bins", of="key", number=Sum("value"))


def build_rows(_figures: Figures) -> Sequence[ReportRow]:
    """Bins by size; for coordinators also the evenings on which nobody counted them."""
    some = sharps.describe_key(sharps.SOME).capitalize()
    return [
        *(ReportRow(str(label), {f"bins:{size}": 1}, is_optional=True) for size, label in sharps.SIZES),
        ReportRow(some, {f"bins:{sharps.SOME}": 1}, is_optional=True, is_private=True),
    ]


SECTION = Section(
    "bins",
    _("Sharps bins returned"),
    _(
        "What the desk saw when it closed, by size. Nobody opens a bin, and nobody has to bring one. Evenings when "
        "nobody counted them are not included."
    ),
    build_rows,
    build_queries,
)
