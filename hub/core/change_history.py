"""Change history: who changed what, kept for a year. It settles a dispute, and must not become a diary."""

from __future__ import annotations

import datetime as dt

import pghistory.models
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.utils import timezone

from volunteers.shared.registries import personal_data, retention, row_order

CHANGE_HISTORY_RETENTION = dt.timedelta(days=365)


def find_history_models() -> list[type[pghistory.models.Event]]:
    """The tables of earlier states, one for each model that keeps them."""
    return [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


@transaction.atomic
def delete_old_states() -> None:
    """Delete every earlier state, and who changed it, once it is a year old."""
    old = timezone.now() - CHANGE_HISTORY_RETENTION
    for event in find_history_models():
        event.objects.filter(pgh_created_at__lt=old).delete()
    pghistory.models.Context.objects.filter(created_at__lt=old).delete()


retention.keep(
    pghistory.models.Event,
    pghistory.models.Context,
    length=CHANGE_HISTORY_RETENTION,
    promise="history",
    every=retention.Every.DAY,
    delete=delete_old_states,
    overdue=lambda now: pghistory.models.Context.objects.filter(created_at__lt=now - CHANGE_HISTORY_RETENTION),
)
retention.keep(
    LogEntry,
    length=CHANGE_HISTORY_RETENTION,
    promise="history",
    every=retention.Every.DAY,
    overdue=lambda now: LogEntry.objects.filter(action_time__lt=now - CHANGE_HISTORY_RETENTION),
)
row_order.leave(pghistory.models.Event, pghistory.models.Context, because="the rows say when", at_night=False)
personal_data.hold(pghistory.models.MiddlewareEvents, "user", part="history", merge=personal_data.Merge.ERASE)
