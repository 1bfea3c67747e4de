"""Volunteering: hours in total, shifts, and the places nobody took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, DateField, F, IntegerField, Sum
from django.db.models.functions import Cast, Extract, TruncQuarter
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core.periods import Span
from hub.reports.query import MINUTES, count_query, month_expression
from hub.reports.rows import Figures, ReportRow, Section
from volunteers.models import Hours, Shift, Signup
from volunteers.models.hours import quarter_of

HOURS = {"hours:": 1}


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Hours, from aggregates for old shifts and from sign-ups for recent ones; past shifts, and unfilled places."""
    quarter = quarter_of(first)
    old = Hours.objects.filter(quarter__gte=quarter, quarter__lt=end)
    yield count_query(old, MINUTES, month="quarter", number=Sum("minutes"))
    since = Signup.objects.live().filter(
        shift__starts_at__date__gte=quarter, shift__starts_at__date__lt=end, shift__ends_at__lte=timezone.now()
    )
    lasted = Sum(F("shift__ends_at") - F("shift__starts_at"))
    yield count_query(
        since,
        MINUTES,
        month=Cast(TruncQuarter("shift__starts_at", output_field=DateField()), DateField()),
        number=Cast(Extract(lasted, "epoch") / 60, IntegerField()),
    )
    over = Shift.objects.published().filter(
        starts_at__date__gte=first, starts_at__date__lt=end, ends_at__lte=timezone.now()
    )
    yield count_query(over, "shifts", month=month_expression("starts_at"), number=Count("pk"))
    short: Any = over.with_short()
    yield count_query(short, "short", month=month_expression("starts_at"), number=Sum("short_of"))
    some_short = short.filter(short_of__gt=0)
    yield count_query(some_short, "shifts_short", month=month_expression("starts_at"), number=Count("pk"))


def build_rows(_figures: Figures) -> Sequence[ReportRow]:
    """Hours, by quarter as they are stored; shifts, and unfilled places."""
    return [
        ReportRow(_now("Hours volunteers gave"), HOURS, finest=Span.QUARTER),
        ReportRow(_now("Shifts"), {"shifts:": 1}, is_exact=True),
        ReportRow(_now("Shifts with too few people"), {"shifts_short:": 1}),
        ReportRow(_now("People missing, in all"), {"short:": 1}),
    ]


SECTION = Section(
    "volunteering",
    _("Volunteers and shifts"),
    _("The rota: hours by quarter for everybody together, and places on shifts that nobody took."),
    build_rows,
    build_queries,
)
