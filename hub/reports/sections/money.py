"""What was spent, from which fund, what that comes to for a visit, and how long what is left lasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import DateField, F, Sum, Value
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.query import counted, month_of
from hub.reports.rows import Found, Kind, Line, Section
from hub.reports.sections.visits import VISITS
from supplies.models import Contribution, Payment


def asks(first: dt.date, end: dt.date) -> Iterable[Any]:
    """What was paid for deliveries and what came in, in pence."""
    paid = Payment.objects.filter(made_on__gte=first, made_on__lt=end)
    pence = Sum(F("amount") * 100)
    yield counted(paid, "spent", of="fund", called="fund__name", month=month_of("made_on"), number=pence)
    came_in = Contribution.objects.filter(month__gte=first, month__lt=end)
    yield counted(came_in, "came_in", of="fund", called="fund__name", number=pence)
    before = Value(first, DateField())
    yield counted(Payment.objects.filter(made_on__lt=first), "spent_before", month=before, number=pence)
    yield counted(Contribution.objects.filter(month__lt=first), "came_in_before", month=before, number=pence)


def lines(found: Found) -> Sequence[Line]:
    """By fund and all together; and by the visits that everybody may see."""
    spent, came_in = found.names("spent"), found.names("came_in")
    every = {name: 1 for name, _label in spent}
    left = {name: 1 for name, _label in came_in} | {name: -1 for name, _label in spent}
    left |= {"came_in_before:": 1, "spent_before:": -1}
    if not spent and not came_in:
        return []
    made = [
        Line(_now("Spent on supplies"), every, Kind.MONEY, things=True),
        *(Line(_now("from %(fund)s") % {"fund": fund}, {name: 1}, Kind.MONEY, things=True) for name, fund in spent),
        Line(_now("Came in"), {name: 1 for name, _label in came_in}, Kind.MONEY, things=True),
        Line(_now("Left in all funds at the end"), left, Kind.MONEY, things=True, to_date=True),
        Line(
            _now("Weeks that lasts, at the pace of this period"),
            left,
            Kind.WEEKS,
            to_date=True,
            of=Line("", every, Kind.MONEY),
        ),
        Line(_now("Supplies for a visit, on average"), every, Kind.MONEY, of=Line("", VISITS)),
    ]
    # A month is complete without it: a hub that has just begun to write its money down had some before.
    return [replace(line, since=frozenset(left)) for line in made]


SECTION = Section(
    "money",
    _("Money"),
    _(
        "Payments for deliveries in the month they were made, and what came in. What is left is all that ever came in, "
        "less all that was paid. A visit’s cost is by the number shown."
    ),
    lines,
    asks,
)
