"""Tallies: what every evening adds up to, by month. All reports read them; there is nothing finer to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """What is counted. `key` says of which: the id of an item, or nothing."""

    VISITS = "visits", _("visits")
    PEOPLE = "people", _("people")
    GIVEN = "given", _("given out")


class TallyQuerySet(models.QuerySet["Tally"]):
    """Questions about tallies, and the one way to add to them."""

    def month(self, month: dt.date) -> TallyQuerySet:
        """The tallies of one month, named by its first day."""
        return self.filter(month=month)

    def add(self, month: dt.date, amounts: Mapping[tuple[str, str], int]) -> None:
        """Add each amount to its (measure, key) of the month, in one statement.

        Rows are written in one order, so that two evenings folded at once do not deadlock.
        """
        rows = sorted((measure, key, n) for (measure, key), n in amounts.items() if n)
        if not rows:
            return
        measures, keys, values = zip(*rows, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO hub_tally (month, measure, key, value)
                SELECT %s, measure, key, value FROM unnest(%s::text[], %s::text[], %s::int[]) AS t (measure, key, value)
                ON CONFLICT (month, measure, key) DO UPDATE SET value = hub_tally.value + excluded.value
                """,
                [month, list(measures), list(keys), list(values)],
            )

    def take_away(self, month: dt.date, amounts: Mapping[tuple[str, str], int]) -> None:
        """Take each amount from its (measure, key) of the month.

        Raises IntegrityError where that much was never counted; the caller's transaction then undoes the rest.
        """
        for (measure, key), n in sorted(amounts.items()):
            # Not an upsert: PostgreSQL checks the row it would insert before it looks for the one to update.
            if n and not self.filter(month=month, measure=measure, key=key).update(value=F("value") - n):
                raise IntegrityError("nothing was counted to take away from")


class Tally(models.Model):
    """One number of one month. Nobody's visit can be read from it, and no evening."""

    pk = models.CompositePrimaryKey("month", "measure", "key")
    month = models.DateField(_("month"))
    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    key = models.CharField(_("of what"), max_length=40, blank=True, default="")
    value = models.IntegerField(_("value"))

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="tally_by_month"),
            models.CheckConstraint(condition=Q(value__gte=0), name="tally_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.measure} {self.key}: {self.value}"
