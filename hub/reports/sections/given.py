"""Items given out, in the order of the shelf. They go through the gate: a rare item identifies a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.tallies import Measure, Tally
from hub.reports.query import count_query
from hub.reports.rows import Figures, ReportRow, Section


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies of items given out."""
    tallies = Tally.objects.filter(month__gte=first, month__lt=end, measure=Measure.GIVEN)
    yield count_query(tallies, "given", of="key", number=Sum("value"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Sets, then every item ever given out, with medicines as a group of their own."""
    given = {name for name, _month in figures.numbers}
    out = [item for item in figures.items.values() if f"given:{item.pk}" in given and not item.medicine]
    medicines = [item for item in figures.items.values() if f"given:{item.pk}" in given and item.medicine]
    sets = {f"given:{item.pk}": 1 for item in (*out, *medicines) if item.counts_as_set}
    return [
        *([ReportRow(_now("Sets: all syringes and barrels"), sets, is_total=True)] if sets else []),
        *(ReportRow(item.name, {f"given:{item.pk}": 1}, group=item.category.name) for item in out),
        *(ReportRow(item.name, {f"given:{item.pk}": 1}, group=_now("Medicines")) for item in medicines),
    ]


SECTION = Section(
    "given",
    _("What went out"),
    _("The tallies of each month: what was given out on all visits together, in the unit it is given out in."),
    build_rows,
    build_queries,
)
