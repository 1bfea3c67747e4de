"""Incidents: something happened, and the team needs something. They hold no words, and are deleted within 90 days."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice, from_their_lists
from hub.core.periods import opening_month
from hub.logs.models.base import MonthRow, MonthRowQuerySet, check_same, create_once
from volunteers.shared.registries import retention, row_order

RETENTION_DAYS = 90
"""The most days an incident is kept, counted from the first of its month, since its own day is not known."""


class IncidentQuerySet(MonthRowQuerySet["Incident"]):
    """Writing an incident, counting needs, and deleting old ones."""

    @transaction.atomic
    def report(  # noqa: PLR0913 -- it says all of this, by name
        self,
        kind: Choice,
        *,
        month: dt.date | None = None,
        id: uuid.UUID | None = None,  # noqa: A002 -- what it is called everywhere else
        first_aid: bool = False,
        called_999: bool = False,
        needs: Iterable[Choice] = (),
    ) -> bool:
        """Write one incident. Returns False when this id is there already.

        Raises EntryDiffers if it stands for something else, and EntryUndone if it was undone.
        """
        needs = sorted(needs, key=lambda need: need.pk)
        incident = Incident(
            id=id or uuid.uuid4(),
            month=month or opening_month(),
            kind=kind,
            first_aid=first_aid,
            called_999=called_999,
        )
        is_new = create_once(incident, has_key=id is not None)
        if is_new:
            IncidentNeed.objects.bulk_create(IncidentNeed(incident=incident, need=need) for need in needs)
        elif kept := self.filter(pk=incident.pk).first():
            before = Choice.objects.filter(pk__in=kept.needs.values("need")).order_by("pk")
            check_same(list(map(str, before)), list(map(str, needs)))
        return is_new

    def forget_old(self) -> int:
        """Delete incidents before they are 90 days old. Returns how many."""
        last = timezone.localdate() - dt.timedelta(days=RETENTION_DAYS)
        return self.filter(month__lte=last).delete()[1].get("hub.Incident", 0)

    def count_needs(self) -> list[tuple[str, int]]:
        """Count the requests for each need."""
        needs = IncidentNeed.objects.filter(incident__in=self).values_list("need__name")
        return [(name, n) for name, n in needs.annotate(n=Count("pk")).order_by("need__order", "need__name__sorted")]


class Incident(MonthRow):
    """Something happened. It helps the team look after itself, and is not about the person it happened to."""

    kind = models.ForeignKey(Choice, verbose_name=_("what kind"), on_delete=models.PROTECT, related_name="+")
    first_aid = models.BooleanField(_("first aid was given"), default=False)
    called_999 = models.BooleanField(_("999 was called"), default=False)

    objects = IncidentQuerySet.as_manager()

    PARTS = ("kind", "first_aid", "called_999")

    class Meta(MonthRow.Meta):
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        triggers = [from_their_lists(kind=Choice.Of.INCIDENT.value)]


class IncidentNeed(models.Model):
    """One thing the team needs after an incident. Its id is random: a counter would say which came first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="needs")
    need = models.ForeignKey(Choice, verbose_name=_("what"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["incident", "need"], name="incidentneed_once")]
        triggers = [from_their_lists(need=Choice.Of.NEED.value)]

    def __str__(self) -> str:
        return str(self.need_id)


retention.keep(
    Incident,
    length=dt.timedelta(days=RETENTION_DAYS),
    promise="incidents",
    every=retention.Every.DAY,
    delete=Incident.objects.forget_old,
    overdue=lambda now: Incident.objects.filter(month__lt=now.date() - dt.timedelta(days=RETENTION_DAYS)),
    in_backups=retention.InBackups.OPEN_DESK,
)
retention.keep(
    IncidentNeed,
    length=dt.timedelta(days=RETENTION_DAYS),
    promise="incidents",
    in_backups=retention.InBackups.OPEN_DESK,
)
row_order.rewrite(Incident)
row_order.rewrite(IncidentNeed)
