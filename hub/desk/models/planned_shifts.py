"""Drop-in shifts of the rota, which say on which evenings a desk is planned."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from hub.core import periods
from volunteers.models import Shift


def find_drop_in_shifts(first: dt.date, last: dt.date) -> list[Shift]:
    """Published and cancelled drop-in shifts of these evenings, in the order they start."""
    zone = timezone.get_default_timezone()
    assert isinstance(zone, ZoneInfo)  # noqa: S101 -- TIME_ZONE names a zone; for mypy
    shifts = Shift.objects.exclude(state=Shift.State.DRAFT).filter(
        drop_in=True,
        starts_at__gte=periods.over_at(first - dt.timedelta(days=1), zone),
        starts_at__lt=periods.over_at(last, zone),
    )
    return list(shifts.order_by("starts_at", "pk"))


def find_shifts_tonight() -> list[Shift]:
    """Drop-in shifts of this evening, cancelled ones too, in the order they start."""
    tonight = periods.tonight()
    return find_drop_in_shifts(tonight, tonight)
