"""Batches: shifts made from a pattern together, which can be deleted together."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import User
from volunteers.models.shift_queryset import refuse_unless_planner
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention
from volunteers.staffing import LIVE


class BatchQuerySet(models.QuerySet["Batch"]):
    """Queries about batches."""

    def with_numbers(self) -> BatchQuerySet:
        """Annotate how many shifts each batch made, the first and last day, and on how many somebody is."""
        signed = Count("shifts", filter=Q(shifts__signups__state__in=LIVE), distinct=True)
        return self.annotate(
            number=Count("shifts", distinct=True),
            signed=signed,
            first=Min("shifts__pattern_day"),
            last=Max("shifts__pattern_day"),
        )


class Batch(models.Model):
    """Shifts made together. They can be deleted together while nobody is on one."""

    made_on = models.DateField(_("made on"), default=timezone.localdate)
    pattern = models.ForeignKey(
        "volunteers.Pattern", verbose_name=_("pattern"), on_delete=models.CASCADE, related_name="batches"
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-made_on", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pattern}, {self.made_on}"

    @transaction.atomic
    def take_back(self, *, by: User) -> int:
        """Delete all shifts of the batch, or none: refused if somebody is on one. Returns how many."""
        refuse_unless_planner(by)
        shifts = self.shifts.all().lock()
        taken = Signup.objects.live().filter(shift__in=shifts).select_related("shift").order_by("shift__starts_at")
        days = sorted({signup.shift.when: None for signup in taken})
        if days:
            raise NotAllowed([_now("Somebody has signed up already, so these stay:"), *days])
        Signup.objects.gone().filter(shift__in=shifts).delete()
        Shift.objects.filter(pk__in=[shift.pk for shift in shifts]).delete()
        self.delete()
        return len(shifts)


retention.keep(Batch, until=retention.FOR_GOOD)
