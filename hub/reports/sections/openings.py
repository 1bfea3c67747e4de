"""Openings by outcome: visited, empty, not recorded, cancelled. They count evenings, so they are exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.openings import Opening
from hub.reports.query import count_query, month_expression
from hub.reports.rows import Figures, ReportRow, Section
from volunteers.models import Shift

OPENINGS_HELD = {"openings:closed": 1}


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Openings by state, and cancelled shifts without an opening."""
    openings = Opening.objects.filter(date__gte=first, date__lt=end)
    yield count_query(openings, "openings", of="state", month=month_expression("date"), number=Count("pk"))
    cancelled = Shift.objects.filter(state=Shift.State.CANCELLED, drop_in=True)
    cancelled = cancelled.filter(starts_at__date__gte=first, starts_at__date__lt=end)
    cancelled = cancelled.exclude(pk__in=Opening.objects.filter(shift__isnull=False).values("shift"))
    yield count_query(cancelled, "cancelled", month=month_expression("starts_at"), number=Count("pk"))


def build_rows(_figures: Figures) -> Sequence[ReportRow]:
    """One row an outcome, also where it is zero."""
    return [
        ReportRow(_now("Openings people came to"), OPENINGS_HELD, is_exact=True),
        ReportRow(_now("Openings nobody came to"), {"openings:nobody_came": 1}, is_exact=True),
        ReportRow(_now("Openings nobody wrote down"), {"openings:not_recorded": 1}, is_exact=True),
        ReportRow(_now("Openings cancelled"), {"openings:cancelled": 1, "cancelled:": 1}, is_exact=True),
    ]


SECTION = Section(
    "openings",
    _("When we were open"),
    _("The evenings as the desk closed them, and the rota’s cancelled shifts. These are evenings, so they are exact."),
    build_rows,
    build_queries,
)
