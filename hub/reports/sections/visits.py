"""Visits, the people on them, and the average of an opening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.tallies import Measure, Tally
from hub.desk.visit_payload import MAX_PEOPLE
from hub.disclosure.attack import AtomSum, KnownSum
from hub.reports.query import count_query
from hub.reports.rows import Figures, NumberFormat, ReportRow, Section
from hub.reports.sections.openings import OPENINGS_HELD

VISITS = {"visits:": 1}
PEOPLE = {"people:": 1}
LOWEST = -(10**9)
"""A lower bound below every difference of two counts."""


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies of visits and people."""
    came = Tally.objects.filter(month__gte=first, month__lt=end, measure__in=[Measure.VISITS, Measure.PEOPLE], key="")
    yield count_query(came, F("measure"), number=Sum("value"))


def build_rows(_figures: Figures) -> Sequence[ReportRow]:
    """Visits, people, and the average of an opening."""
    held = ReportRow("", OPENINGS_HELD, is_exact=True)
    return [
        ReportRow(_now("Visits"), VISITS),
        ReportRow(_now("People on these visits"), PEOPLE),
        ReportRow(_now("Visits at an opening, on average"), VISITS, NumberFormat.EACH, of=held),
    ]


def known_constraints(figures: Figures) -> Iterable[KnownSum]:
    """Constraints that everybody knows: at least one visit an opening, and from one to `MAX_PEOPLE` people a visit."""
    for month in sorted({month for name, month in figures.numbers if name == "visits:"}):
        visits, people = ("visits:", month), ("people:", month)
        held = sum(times * figures.numbers.get((name, month), 0) for name, times in OPENINGS_HELD.items())
        yield KnownSum(AtomSum.of({visits: 1}), held, None)
        yield KnownSum(AtomSum.of({people: 1, visits: -1}), 0, None)
        yield KnownSum(AtomSum.of({people: 1, visits: -MAX_PEOPLE}), LOWEST, 0)


SECTION = Section(
    "visits",
    _("Visits and people"),
    _("The tallies of each month, to which every evening is added when its desk closes. Nobody is counted by name."),
    build_rows,
    build_queries,
    known_constraints,
)
