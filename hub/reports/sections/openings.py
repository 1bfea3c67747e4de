"""When we were open: openings held, nobody came, not recorded, cancelled. About evenings, so it is known exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.openings import Opening
from hub.reports.query import counted, month_of
from hub.reports.rows import Found, Line, Section
from volunteers.models import Shift

HELD = {"openings:closed": 1}


def asks(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Every evening by how it went, and called-off shifts that never became one."""
    evenings = Opening.objects.filter(date__gte=first, date__lt=end)
    yield counted(evenings, "openings", of="state", month=month_of("date"), number=Count("pk"))
    called_off = Shift.objects.filter(state=Shift.State.CANCELLED, drop_in=True)
    called_off = called_off.filter(starts_at__date__gte=first, starts_at__date__lt=end)
    called_off = called_off.exclude(pk__in=Opening.objects.filter(shift__isnull=False).values("shift"))
    yield counted(called_off, "cancelled", month=month_of("starts_at"), number=Count("pk"))


def lines(_found: Found) -> Sequence[Line]:
    """Zero is not missing: each way an evening can go is said."""
    return [
        Line(_now("Openings people came to"), HELD, things=True),
        Line(_now("Openings nobody came to"), {"openings:nobody_came": 1}, things=True),
        Line(_now("Openings nobody wrote down"), {"openings:not_recorded": 1}, things=True),
        Line(_now("Openings cancelled"), {"openings:cancelled": 1, "cancelled:": 1}, things=True),
    ]


SECTION = Section(
    "openings",
    _("When we were open"),
    _("The evenings as the desk closed them, and the rota’s cancelled shifts. These are evenings, so they are exact."),
    lines,
    asks,
)
