"""Keys of entries in the logs: a copy of an entry is not written twice, and its undoing holds in any order."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.shared.registries import retention, row_order


class SeenEntryQuerySet(models.QuerySet["SeenEntry"]):
    """Remembering the keys of entries, and forgetting them."""

    def first_time(self, log: str, key: uuid.UUID, month: dt.date) -> bool:
        """Save a log's key; False if it is known. Of two at once the second waits for the first."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO hub_seenentry (id, month, undone) VALUES (%s, %s, false) ON CONFLICT DO NOTHING",
                [_build_id(log, key), month],
            )
            return int(cursor.rowcount) == 1

    def undo(self, log: str, key: uuid.UUID, month: dt.date) -> bool:
        """Mark a log's key as undone; True if its entry was written and not undone before."""
        if self.first_time(log, key, month):
            self.mark_undone(log, [key])
            return False
        return self.mark_undone(log, [key]) == 1

    def mark_undone(self, log: str, keys: Iterable[uuid.UUID]) -> int:
        """Mark keys of entries that were taken out. Returns how many were not before."""
        ids = [_build_id(log, key) for key in keys]
        return self.filter(pk__in=ids, undone=False).update(undone=True)

    def is_undone(self, log: str, key: uuid.UUID) -> bool:
        """Whether the entry with this key was undone."""
        return self.filter(pk=_build_id(log, key), undone=True).exists()

    def forget_old(self, today: dt.date) -> None:
        """Forget keys of the months before last: no device sends so late a copy."""
        self.filter(month__lt=find_first_month(today)).delete()


class SeenEntry(models.Model):
    """A number made from the random key of an entry, so that no copy is written. It says nothing of the entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(_("month"))
    undone = models.BooleanField(default=False)

    objects = SeenEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of an entry")
        verbose_name_plural = _("keys of entries")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="seenentry_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


def _build_id(log: str, key: uuid.UUID) -> uuid.UUID:
    """A number of its own for each log, so that a key used in two of them loses nothing."""
    return uuid.uuid5(key, log)


def find_first_month(today: dt.date) -> dt.date:
    """The first month a device may still send an entry of: last month, whose keys are kept."""
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


retention.keep(
    SeenEntry,
    until="until the month after next",
    promise="random-numbers",
    every=retention.Every.DAY,
    delete=lambda: SeenEntry.objects.forget_old(timezone.localdate()),
    in_backups=retention.InBackups.OPEN_DESK,
)
row_order.rewrite(SeenEntry)
