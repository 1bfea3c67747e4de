"""Openings by outcome. Evenings held are exact; whether anybody came is told by the year, as it bounds visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.openings import Opening
from hub.disclosure.measures import HELD
from hub.reports.query import count_query, month_expression
from hub.reports.rows import Figures, ReportRow, Section
from volunteers.models import Shift

EMPTY, NOT_RECORDED, CANCELLED = "openings_empty:", "not_recorded:", "cancelled:"


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Openings by state, and cancelled shifts without an opening."""
    openings = Opening.objects.filter(date__gte=first, date__lt=end)
    states = {
        "held": [Opening.State.CLOSED, Opening.State.NOBODY_CAME],
        "openings_empty": [Opening.State.NOBODY_CAME],
        "not_recorded": [Opening.State.NOT_RECORDED],
        "cancelled": [Opening.State.CANCELLED],
    }
    for name, of_state in states.items():
        rows = openings.filter(state__in=of_state)
        yield count_query(rows, name, month=month_expression("date"), number=Count("pk"))
    cancelled = Shift.objects.filter(state=Shift.State.CANCELLED, drop_in=True)
    cancelled = cancelled.filter(starts_at__date__gte=first, starts_at__date__lt=end)
    cancelled = cancelled.exclude(pk__in=Opening.objects.filter(shift__isnull=False).values("shift"))
    yield count_query(cancelled, "cancelled", month=month_expression("starts_at"), number=Count("pk"))


def build_rows(_figures: Figures) -> Sequence[ReportRow]:
    """One row an outcome, also where it is zero."""
    return [
        ReportRow(_now("Openings planned"), {HELD: 1, NOT_RECORDED: 1, CANCELLED: 1}, is_exact=True, is_total=True),
        ReportRow(_now("Openings held"), {HELD: 1}, is_exact=True),
        ReportRow(_now("Openings that nobody recorded"), {NOT_RECORDED: 1}, is_exact=True),
        ReportRow(_now("Openings cancelled"), {CANCELLED: 1}, is_exact=True),
        ReportRow(_now("Openings nobody came to"), {EMPTY: 1}),
        ReportRow(_now("Openings with visits"), {HELD: 1}, is_exact=True, less={EMPTY: 1}),
    ]


SECTION = Section(
    "openings",
    _("When we were open"),
    _(
        "The evenings as the desk closed them, and the cancelled shifts of the rota. These are evenings, so the "
        "numbers are exact. We show by the year if anybody came. We leave it out if it would tell about visits."
    ),
    build_rows,
    build_queries,
)
