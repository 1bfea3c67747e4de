"""Who has been erased, so that no backup brings them back: marks that mean nobody but to a backup from before."""

from __future__ import annotations

import hashlib

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Q
from django.utils import timezone

from volunteers.models import User
from volunteers.shared.registries import retention, row_order

ERASED_RETENTION = relativedelta(months=retention.BACKUP_MONTHS + 1)


class ErasedQuerySet(models.QuerySet["Erased"]):
    """Noting, finding and forgetting."""

    def add_mark(self, person: User) -> None:
        """Remember that this person must not come back; the caller deletes them in the same transaction."""
        self.get_or_create(mark=mark_of(person), defaults={"month": timezone.localdate().replace(day=1)})

    def forget_old(self) -> None:
        """Drop what no backup can hold any more."""
        self.filter(month__lt=timezone.localdate().replace(day=1) - ERASED_RETENTION).delete()


class Erased(models.Model):
    """The hash of the random mark of somebody who is gone, and the month they went. Nothing else of them.

    Their own row had the mark; without a backup that still holds it, this is a number that means nobody.
    """

    mark = models.CharField(max_length=64, primary_key=True)
    month = models.DateField()

    objects = ErasedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="erased_by_month")]

    def __str__(self) -> str:
        return self.mark


def mark_of(person: User) -> str:
    """The hash that stands for this person among the erased."""
    return hashlib.sha256(f"hub.erased {person.erasure_mark}".encode()).hexdigest()


def find_people_by_marks(marks: set[str]) -> list[User]:
    """The people here whom these marks mean."""
    return [person for person in User.objects.order_by("pk") if mark_of(person) in marks]


retention.keep(
    Erased,
    length=ERASED_RETENTION,
    promise="erased",
    every=retention.Every.BACKUP,
    delete=Erased.objects.forget_old,
)
row_order.leave(Erased, because="nothing at the desk adds to it, and its rows say the month")
