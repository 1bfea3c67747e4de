"""Items given out, in the order of the shelf. They go through the gate: a rare item identifies a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.tallies import Measure, Tally
from hub.reports.query import count_query
from hub.reports.rows import Figures, ReportRow, Section

if TYPE_CHECKING:
    from supplies.models import Item


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies of items given out."""
    tallies = Tally.objects.filter(month__gte=first, month__lt=end, measure=Measure.GIVEN)
    yield count_query(tallies, "given", of="key", number=Sum("value"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Sets, then every item, with medicines as a group of their own. Naloxone has a log and a table of its own."""
    given = {name for name, _label in figures.names("given")}
    items = [item for item in figures.items.values() if not item.naloxone or f"given:{item.pk}" in given]
    sets = {f"given:{item.pk}": 1 for item in items if item.counts_as_set}
    return [
        *([ReportRow(_now("Sets: all syringes and barrels"), sets, is_total=True, is_optional=True)] if sets else []),
        *(_build_row(item, item.category.name) for item in items if not item.medicine),
        *(_build_row(item, _now("Medicines")) for item in items if item.medicine),
    ]


def _build_row(item: Item, group: str) -> ReportRow:
    return ReportRow(item.name, {f"given:{item.pk}": 1}, group=group, is_optional=True)


SECTION = Section(
    "given",
    _("What went out"),
    _("The totals of each month: what we gave out on all visits together, in the units we give it out in."),
    build_rows,
    build_queries,
)
