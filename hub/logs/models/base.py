"""The base of the four logs: rows that know their month, and neither a person, a time nor a visit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.logs.models.seen_entries import SeenEntry

Row = TypeVar("Row", bound="MonthRow")


class EntryDiffers(Exception):
    """An entry with this key is written already, and holds something else. Both are lines to read."""

    def __init__(self, kept: list[str], sent: list[str]) -> None:
        """`kept` is the entry that is written, `sent` the one that came now."""
        super().__init__(
            _now("This was already written down, with something else in it. Nothing was changed. Which one is right?")
        )
        self.kept = kept
        self.sent = sent


class EntryUndone(Exception):
    """An entry with this key was undone, so that it is not written again by a copy."""

    def __init__(self) -> None:
        """Say what happened to it."""
        super().__init__(_now("This was undone before. Nothing was written down."))


class MonthRowQuerySet(models.QuerySet[Row]):
    """Queries about a log, and rewriting a month of it."""

    def month(self, month: dt.date) -> Self:
        """Rows of one month, named by its first day."""
        return self.filter(month=month)

    def find_written(self, key: uuid.UUID) -> Self:
        """Find the rows that the entry with this key was written as."""
        return self.filter(pk=key)

    def take_back(self, key: uuid.UUID, month: dt.date) -> bool:
        """Undo the entry with this key; False if it is undone already, or not written yet: then it never will be.

        Raises ValidationError once its month was completed: its rows have new ids since then.
        """
        with transaction.atomic():
            if not SeenEntry.objects.undo(self.model.__name__, key, month):
                return False
            if not self.take_out([*self.find_written(key).values_list("pk", flat=True)]):
                raise ValidationError(
                    _now("That month is complete. A coordinator can correct it in the month."), code="complete"
                )
        return True

    def take_out(self, ids: Iterable[uuid.UUID]) -> int:
        """Delete rows written by mistake, for good. Returns how many there were."""
        ids = list(ids)
        SeenEntry.objects.mark_undone(self.model.__name__, ids)
        return self.filter(pk__in=ids).delete()[1].get(self.model._meta.label, 0)  # noqa: SLF001 -- Django's own public name for it

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

    PARTS: ClassVar[tuple[str, ...]] = ()
    """Fields that an entry consists of, and by which a copy is told from another entry with its key."""

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="%(class)s_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def describe(self) -> list[str]:
        """Its answers as lines to read. What nobody asked is left out."""
        fields: list[Any] = [self._meta.get_field(name) for name in ("month", *self.PARTS)]
        return [
            f"{capfirst(str(field.verbose_name))}: {self._say(field.name)}"
            for field in fields
            if getattr(self, field.attname) is not None
        ]

    def _say(self, name: str) -> str:
        value: Any = getattr(self, name)
        if isinstance(value, bool):
            return _now("Yes") if value else _now("No")
        if isinstance(value, dt.date):
            return date_format(value, "YEAR_MONTH_FORMAT")
        shown = getattr(self, f"get_{name}_display", None)
        return str(shown() if shown else value)


def check_month(month: dt.date) -> None:
    """Refuse a month that has not begun, or a day that is not the first of one."""
    if month != periods.month_of(month) or month > periods.opening_month():
        raise ValidationError(_now("That month has not begun. Choose another."), code="month")


def create_once(row: MonthRow, *, has_key: bool) -> bool:
    """Create this row unless its key was written before, as after a second tap. Returns whether it was new.

    `has_key` is whether its id was made by a form or a device, which may send a copy.

    Raises EntryDiffers where the key stands for something else, and EntryUndone where it was undone.
    """
    check_month(row.month)
    written = type(row)._default_manager.filter(pk=row.pk)  # noqa: SLF001 -- Django's own public name for it
    with transaction.atomic():
        is_new = not has_key or (is_first_time(row) and not written.exists())
        if is_new:
            row.save(force_insert=True)
    if not is_new and (kept := written.first()):
        check_same(kept.describe(), row.describe())
    return is_new


def is_first_time(row: MonthRow) -> bool:
    """Remember the key of a row; False if it was written before. Raises EntryUndone. Call it in a transaction."""
    log = type(row).__name__
    if SeenEntry.objects.first_time(log, row.pk, row.month):
        return True
    if SeenEntry.objects.is_undone(log, row.pk):
        raise EntryUndone
    return False


def check_same(kept: list[str], sent: list[str]) -> None:
    """Raise EntryDiffers unless both entries read the same."""
    if kept != sent:
        raise EntryDiffers(kept, sent)
