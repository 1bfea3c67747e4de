"""Money: spending by fund, the cost of a visit, the balance, and the weeks it lasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import DateField, F, Sum, Value
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core.periods import Span
from hub.reports.query import count_query, month_expression
from hub.reports.rows import Figures, NumberFormat, ReportRow, Section
from hub.reports.sections.visits import VISITS
from supplies.models import Contribution, Payment


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Payments and contributions in pence, in these months and before."""
    paid = Payment.objects.filter(made_on__gte=first, made_on__lt=end)
    pence = Sum(F("amount") * 100)
    yield count_query(paid, "spent", of="fund", called="fund__name", month=month_expression("made_on"), number=pence)
    came_in = Contribution.objects.filter(month__gte=first, month__lt=end)
    yield count_query(came_in, "came_in", of="fund", called="fund__name", number=pence)
    before = Value(first, DateField())
    yield count_query(Payment.objects.filter(made_on__lt=first), "spent_before", month=before, number=pence)
    yield count_query(Contribution.objects.filter(month__lt=first), "came_in_before", month=before, number=pence)


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Spending in total, by fund and by visit; contributions; and the balance."""
    spent, came_in = figures.names("spent"), figures.names("came_in")
    every = {name: 1 for name, _label in spent}
    left = {name: 1 for name, _label in came_in} | {name: -1 for name, _label in spent}
    left |= {"came_in_before:": 1, "spent_before:": -1}
    if not spent and not came_in:
        return []
    rows = [
        _spent_row(_now("Spent on supplies"), every),
        *(_spent_row(_now("from %(fund)s") % {"fund": fund}, {name: 1}) for name, fund in spent),
        ReportRow(_now("Came in"), {name: 1 for name, _label in came_in}, NumberFormat.MONEY, is_exact=True),
        ReportRow(_now("Left in all funds at the end"), left, NumberFormat.MONEY, is_exact=True, to_date=True),
        ReportRow(
            _now("How many weeks that lasts, if we spend as in this period"),
            left,
            NumberFormat.WEEKS,
            is_exact=True,
            to_date=True,
            of=ReportRow("", every, NumberFormat.MONEY, is_exact=True),
        ),
        ReportRow(
            _now("Supplies for one visit, on average"),
            every,
            NumberFormat.MONEY,
            is_exact=True,
            of=ReportRow("", VISITS),
        ),
    ]
    # Months before the first entry are unknown, not zero: the hub had money before it began to record it.
    return [replace(row, since=frozenset(left), finest=Span.QUARTER) for row in rows]


def _spent_row(label: str, parts: dict[str, int]) -> ReportRow:
    return ReportRow(label, parts, NumberFormat.MONEY, is_exact=True)


SECTION = Section(
    "money",
    _("Money"),
    _(
        "We show payments for deliveries in the month we paid, and the money that came in. What is left is "
        "everything that ever came in, less everything we paid. Money is exact, by the quarter. The cost of a "
        "visit uses the number of visits shown."
    ),
    build_rows,
    build_queries,
)
