"""Visits, the people on them, and the average of an opening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.tallies import Measure, Tally
from hub.disclosure.measures import HELD
from hub.reports.query import count_query
from hub.reports.rows import Figures, NumberFormat, ReportRow, Section

VISITS = {"visits:": 1}
PEOPLE = {"people:": 1}


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies of visits and people."""
    came = Tally.objects.filter(month__gte=first, month__lt=end, measure__in=[Measure.VISITS, Measure.PEOPLE], key="")
    yield count_query(came, F("measure"), number=Sum("value"))


def build_rows(_figures: Figures) -> Sequence[ReportRow]:
    """Visits, people, and the average of an opening."""
    return [
        ReportRow(_now("Visits"), VISITS),
        ReportRow(_now("People on these visits"), PEOPLE),
        ReportRow(
            _now("Visits at an opening, on average"),
            VISITS,
            NumberFormat.EACH,
            of=ReportRow("", {HELD: 1}, is_exact=True),
        ),
    ]


SECTION = Section(
    "visits",
    _("Visits and people"),
    _(
        "The totals of each month. Each evening is added when its desk closes. We count nobody by name. We leave "
        "people out where their visits are hidden."
    ),
    build_rows,
    build_queries,
)
