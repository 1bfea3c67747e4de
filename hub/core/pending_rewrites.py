"""Pending rewrites: days since which tables of the desk still tell how an evening came about.

The row goes once every table has been written anew. While it is there, the worker tries again every few minutes, and
Today says so after a day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from volunteers.shared.registries import retention, row_order


class PendingRewriteQuerySet(models.QuerySet["PendingRewrite"]):
    """Asking for a rewrite, and doing it."""

    def ask(self, *, every_table: bool = False, left: Iterable[str] = ()) -> None:
        """Ask that the tables of the desk be written anew, or every table of the hub; `left` are half done.

        In the transaction that writes what they must not tell: a killed server forgets neither.
        """
        self.create(every_table=every_table, left=sorted(left))

    def run(self) -> bool:
        """Write anew what was asked for; returns whether nothing is pending any more. It waits for nobody.

        Whatever is asked for meanwhile stays pending.
        """
        return self._run(self.all())

    def run_desk(self) -> bool:
        """Write anew the tables of the desk alone, where that was asked for."""
        return self._run(self.filter(every_table=False))

    def _run(self, asked: PendingRewriteQuerySet) -> bool:
        pending = list(asked)
        if not pending:
            return True
        rewrite = (
            row_order.rewrite_every_table if any(row.every_table for row in pending) else row_order.rewrite_desk_tables
        )
        undone = rewrite({table for row in pending for table in row.left})
        these = self.filter(pk__in=[row.pk for row in pending])
        if undone:
            these.update(left=sorted(undone))
        else:
            these.delete()
        return not undone

    def run_all(self) -> bool:
        """Write every table of the hub anew; returns whether all of it is done. What is not stays pending."""
        self.ask(every_table=True)
        return self.run()

    def late(self) -> PendingRewriteQuerySet:
        """Rewrites that were pending yesterday already."""
        return self.filter(since__lt=timezone.localdate())


class PendingRewrite(models.Model):
    """A rewrite that was asked for and not done yet. It says on which day, and for nobody's sake."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    since = models.DateField(default=timezone.localdate)
    every_table = models.BooleanField(default=False)
    # Tables that were not done at the first try: they may look as if they were.
    left = ArrayField(models.CharField(max_length=63), default=list)

    objects = PendingRewriteQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.since)


retention.keep(PendingRewrite, until="until the tables have been written anew")
row_order.leave(PendingRewrite, because="its rows are gone once they are done")
