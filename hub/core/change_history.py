"""What is kept of who changed what: a year of it. It settles a dispute, and must not become a diary."""

from __future__ import annotations

import datetime as dt

import pghistory.models
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.utils import timezone

KEPT = dt.timedelta(days=365)


def histories() -> list[type[pghistory.models.Event]]:
    """The tables of earlier states, one for each model that keeps them."""
    return [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


@transaction.atomic
def forget_old() -> None:
    """Forget every earlier state, who changed it, and what the admin noted, once it is a year old."""
    old = timezone.now() - KEPT
    for event in histories():
        event.objects.filter(pgh_created_at__lt=old).delete()
    pghistory.models.Context.objects.filter(created_at__lt=old).delete()
    LogEntry.objects.filter(action_time__lt=old).delete()
