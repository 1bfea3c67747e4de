"""Who came: visits, people, and how many of them an opening has."""

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
from hub.reports.sections.openings import HELD

VISITS = {"visits:": 1}
PEOPLE = {"people:": 1}
FAR = 10**9
"""Further below zero than any difference of two numbers can be."""


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The month's tallies."""
    came = Tally.objects.filter(month__gte=first, month__lt=end, measure__in=[Measure.VISITS, Measure.PEOPLE], key="")
    yield count_query(came, F("measure"), number=Sum("value"))


def build_rows(_figures: Figures) -> Sequence[ReportRow]:
    """Visits, people, and visits at an opening."""
    held = ReportRow("", HELD, is_exact=True)
    return [
        ReportRow(_now("Visits"), VISITS),
        ReportRow(_now("People on these visits"), PEOPLE),
        ReportRow(_now("Visits at an opening, on average"), VISITS, NumberFormat.EACH, of=held),
    ]


def common(figures: Figures) -> Iterable[KnownSum]:
    """What everybody knows: somebody came to each opening that was held, and a visit is one person at least."""
    for month in sorted({month for name, month in figures.numbers if name == "visits:"}):
        visits, people = ("visits:", month), ("people:", month)
        held = sum(times * figures.numbers.get((name, month), 0) for name, times in HELD.items())
        yield KnownSum(AtomSum.of({visits: 1}), held, None)
        yield KnownSum(AtomSum.of({people: 1, visits: -1}), 0, None)
        yield KnownSum(AtomSum.of({people: 1, visits: -MAX_PEOPLE}), -FAR, 0)


SECTION = Section(
    "visits",
    _("Visits and people"),
    _("The tallies of each month, to which every evening is added when its desk closes. Nobody is counted by name."),
    build_rows,
    build_queries,
    common,
)
