"""What every log that stands alone is made of: rows that know their month and nothing of who, when or beside what."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods

Row = TypeVar("Row", bound="MonthRow")


class MonthRowQuerySet(models.QuerySet[Row]):
    """Questions about a log, and what its coordinators and the sealing do with it."""

    def month(self, month: dt.date) -> Self:
        """The rows of one month, named by its first day."""
        return self.filter(month=month)

    def alike(self, *columns: str) -> list[dict[str, Any]]:
        """How many rows there are of each kind, by these columns and in their order: never one row after another."""
        return [*self.order_by(*columns).values(*columns).annotate(n=Count("pk"))]

    def one_like(self, **what: Any) -> Row | None:
        """Any one row that says this."""
        return self.filter(**what).order_by("pk").first()

    def rewrite(self, month: dt.date) -> None:
        """Write a month's rows again under new random ids and in the order of those. Call it in a transaction.

        Ids of older dumps then point at nothing, and the order of the rows tells of none that came before another.
        """
        with connection.cursor() as cursor:
            # Nobody writes meanwhile; everybody can read.
            cursor.execute(f"LOCK TABLE {self.model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")  # noqa: SLF001 -- Django's own public name for it
        rows = [*self.month(month)]
        self.month(month).delete()
        for row in rows:
            row.pk = uuid.uuid4()
        self.bulk_create(sorted(rows, key=lambda row: row.pk))


class MonthRow(models.Model):
    """A row of a log: its id is random, a month is all it knows of time, nothing joins it to a visit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(_("month"))

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="%(class)s_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


def this_month() -> dt.date:
    """The month this evening counts in, whatever the clock says after midnight."""
    return periods.month_of(periods.tonight())


def month_of_evening(evening: dt.date) -> dt.date:
    """The month in which something counts that a device kept since that evening.

    Refuses an evening that has not come, and one of which a copy could not be told from another one any more.
    """
    days_ago = (periods.tonight() - evening).days
    if days_ago < 0:
        raise ValidationError(_now("That evening has not come yet. Is the date on this device right?"), code="evening")
    if days_ago > periods.LATE_DAYS:
        raise ValidationError(_now("That evening is too long ago."), code="evening")
    return periods.month_of(evening)


def check_month(month: dt.date) -> None:
    """Refuse a month that has not begun, or a day that names none."""
    if month != periods.month_of(month) or month > this_month():
        raise ValidationError(_now("That month has not begun. Choose another."), code="month")


def write_once(row: MonthRow) -> bool:
    """Write this row unless its id is there already, as after a second tap; returns whether it was new."""
    check_month(row.month)
    with transaction.atomic():
        there = type(row)._default_manager.filter(pk=row.pk).exists()  # noqa: SLF001 -- Django's own public name for it
        if not there:
            row.save(force_insert=True)
    return not there
