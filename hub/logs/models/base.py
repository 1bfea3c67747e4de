"""The base of the four logs: rows that know their month, and neither a person, a time nor a visit."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods

Row = TypeVar("Row", bound="MonthRow")


class MonthRowQuerySet(models.QuerySet[Row]):
    """Queries about a log, and rewriting a month of it."""

    def month(self, month: dt.date) -> Self:
        """Rows of one month, named by its first day."""
        return self.filter(month=month)

    def rewrite_month(self, month: dt.date) -> None:
        """Write a month's rows again under new random ids, sorted by them. Call it in a transaction.

        Ids of older dumps then point at nothing, and the order of the rows does not say which came first.
        """
        with connection.cursor() as cursor:
            # Nobody can write meanwhile; everybody can read.
            cursor.execute(f"LOCK TABLE {self.model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")  # noqa: SLF001 -- Django's own public name for it
        rows = [*self.month(month)]
        self.month(month).delete()
        for row in rows:
            row.pk = uuid.uuid4()
        self.bulk_create(sorted(rows, key=lambda row: row.pk))


class MonthRow(models.Model):
    """A row of a log: its id is random, its month is all it knows of time, and nothing joins it to a visit."""

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


def check_month(month: dt.date) -> None:
    """Refuse a month that has not begun, or a day that is not the first of one."""
    if month != periods.month_of(month) or month > periods.opening_month():
        raise ValidationError(_now("That month has not begun. Choose another."), code="month")


def create_once(row: MonthRow) -> bool:
    """Create this row unless its id is there already, as after a second tap. Returns whether it was new."""
    check_month(row.month)
    rows = type(row)._default_manager  # noqa: SLF001 -- Django's own public name for it
    if rows.filter(pk=row.pk).exists():
        return False
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The other tap came in between. Whatever else the database refuses is refused.
        if not rows.filter(pk=row.pk).exists():
            raise
        return False
    return True
