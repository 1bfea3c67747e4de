"""Sharps bins returned, by size as seen from outside: nobody opens a bin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from hub.desk import sharps
from hub.desk.models.tallies import Measure, Tally
from hub.reports.query import count_query
from hub.reports.rows import Figures, ReportRow, Section


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies of sharps bins."""
    back = Tally.objects.filter(month__gte=first, month__lt=end, measure=Measure.BINS)
    yield count_query(back, "bins", of="key", number=Sum("value"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Bins by size, and evenings on which nobody counted them."""
    counted = {name.partition(":")[2] for name, _label in figures.names("bins")}
    by_size = [(str(label), [key for key in sharps.KEYS if key.startswith(f"{size}-")]) for size, label in sharps.SIZES]
    rows = [
        ReportRow(label, {f"bins:{key}": 1 for key in keys}) for label, keys in by_size if not counted.isdisjoint(keys)
    ]
    some = [ReportRow(sharps.describe_key(sharps.SOME).capitalize(), {f"bins:{sharps.SOME}": 1})]
    return [*rows, *(some if sharps.SOME in counted else [])]


SECTION = Section(
    "bins",
    _("Sharps bins that came back"),
    _("What the desk saw when it closed, by size. Nobody opens a bin, and nobody has to bring one."),
    build_rows,
    build_queries,
)
