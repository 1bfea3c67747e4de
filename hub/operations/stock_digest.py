"""The week's letter to coordinators about the shelf: it says nothing, and what there is to see is behind its link."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supplies.models import Item, Watch, calculate_needs
from volunteers.models import User
from volunteers.models.people import LetterKind
from volunteers.models.people_queryset import RoleName
from volunteers.shared.registries import retention, row_order

STOCK_DIGEST_RETENTION = dt.timedelta(weeks=4)


class StockDigestQuerySet(models.QuerySet["StockDigest"]):
    """Sending the week's letter."""

    @transaction.atomic
    def send_if_due(self) -> bool:
        """Write to coordinators if something needs looking at and nobody was written to this week; whether it went.

        Asked every day, so that a worker that was down on Monday makes up for it, and what runs low on Wednesday is
        told on Wednesday. Of two at once one sends.
        """
        week = monday_of(timezone.localdate())
        if self.filter(pk=week).exists():
            return False
        needs = calculate_needs(Item.objects.stocked().with_on_hand().select_related("supplier"))
        if not Watch.over([need.item for need in needs], needs) or not self.get_or_create(pk=week)[1]:
            return False
        for person in User.objects.in_role(RoleName.COORDINATOR, RoleName.ADMIN).order_by("pk"):
            person.tell(LetterKind.STOCK, reverse("supplies:watch"))
        return True


class StockDigest(models.Model):
    """A week whose letter has gone, by its Monday."""

    week = models.DateField(_("week"), primary_key=True)

    objects = StockDigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock report")
        verbose_name_plural = _("stock reports")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="stockdigest_week_is_its_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.week}"


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the week of this day."""
    return day - dt.timedelta(days=day.weekday())


retention.keep(
    StockDigest,
    length=STOCK_DIGEST_RETENTION,
    every=retention.Every.DAY,
    overdue=lambda now: StockDigest.objects.filter(week__lt=monday_of(now.date()) - STOCK_DIGEST_RETENTION),
)
row_order.leave(StockDigest, because="its rows are weeks")
