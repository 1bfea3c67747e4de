"""Tallies: the totals of all evenings by month. All reports read them; there is nothing finer to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models import Item
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

MAX_TOTAL = 1_000_000
MAX_ISSUED_AT_ONCE = 500


class Measure(models.TextChoices):
    """Kinds of tally. The `key` beside each is the id of an item, the size of a bin, an answer, or empty."""

    VISITS = "visits", _("visits")
    PEOPLE = "people", _("people")
    GIVEN = "given", _("given out")
    BINS = "bins", _("sharps bins returned")
    ANSWERS = "said", _("what people said")


TallyKey = tuple[str, str]
"""A measure and its key."""


class TallyQuerySet(models.QuerySet["Tally"]):
    """Queries about tallies, and the one way to change them."""

    def month(self, month: dt.date) -> TallyQuerySet:
        """The tallies of one month, named by its first day."""
        return self.filter(month=month)

    def add(self, month: dt.date, amounts: Mapping[TallyKey, int]) -> None:
        """Add each amount to its (measure, key) of the month, in one statement.

        Rows are written in one order, so that two evenings aggregated at once do not deadlock.
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

    def take_away(self, month: dt.date, amounts: Mapping[TallyKey, int]) -> None:
        """Take each amount from its (measure, key) of the month.

        Raises IntegrityError where that much was never counted; the caller's transaction then undoes the rest.
        """
        for (measure, key), n in sorted(amounts.items()):
            # Not an upsert: PostgreSQL checks the row it would insert before it looks for the one to update.
            if n and not self.filter(month=month, measure=measure, key=key).update(value=F("value") - n):
                raise IntegrityError("nothing was counted to take away from")
        self.delete_zeros(month)

    def add_answers(self, month: dt.date, answers: Mapping[str, int], *, sign: int = 1) -> None:
        """Add answers, or with a negative sign take them away again as far as they were ever counted."""
        if sign > 0:
            self.add(month, {(Measure.ANSWERS, key): n for key, n in answers.items()})
            return
        for key, n in sorted(answers.items()):
            self.filter(month=month, measure=Measure.ANSWERS, key=key, value__gte=n).update(value=F("value") - n)
        self.delete_zeros(month)

    def delete_zeros(self, month: dt.date) -> None:
        """Delete tallies of zero: they would tell that one visit was undone, and what it held."""
        self.filter(month=month, value=0).exclude(measure__in=[Measure.VISITS, Measure.PEOPLE]).delete()

    @transaction.atomic
    def correct(self, month: dt.date, changes: Mapping[TallyKey, tuple[int, int]]) -> int:
        """Correct a month's totals: (measure, key) → the old and the new number. Returns how many changed.

        Refused, and nothing changed, when a number is not the old one any more, or when they would not fit together.
        The stock changes with what was given out, so that the two always agree. Again it changes nothing.
        """
        given = {int(key): was_to for (measure, key), was_to in changes.items() if measure == Measure.GIVEN}
        # Items before tallies, as at the desk.
        Item.objects.filter(pk__in=given).lock()
        changed = 0
        for (measure, key), (was, to) in sorted(changes.items()):
            if not 0 <= to <= MAX_TOTAL:
                raise NotAllowed(_now("A total is a number from 0 to 1,000,000."))
            self.get_or_create(month=month, measure=measure, key=key, defaults={"value": 0})
            row = self.select_for_update().get(month=month, measure=measure, key=key)
            if row.value == to:
                continue
            if row.value != was:
                raise NotAllowed(_now("Somebody has changed a number. Look at the month again, then correct it."))
            self.filter(pk=row.pk).update(value=to)
            if measure == Measure.GIVEN:
                _correct_stock(int(key), to - was, month)
            changed += 1
        self.delete_zeros(month)
        self._check_visits(month)
        return changed

    def _check_visits(self, month: dt.date) -> None:
        came = dict(self.filter(month=month, key="").values_list("measure", "value"))
        visits, people = came.get(Measure.VISITS, 0), came.get(Measure.PEOPLE, 0)
        if people < visits or (visits == 0) != (people == 0):
            raise NotAllowed(_now("Each visit is at least one person. Check these two numbers."))


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
        default_permissions = ()
        permissions = [("complete_month", "Can see a month’s true figures, put them right and complete it")]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="tally_by_month"),
            models.CheckConstraint(condition=Q(value__gte=0), name="tally_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.measure} {self.key}: {self.value}"


def visit_amounts(visits: int, people: int, items: Mapping[int, int]) -> dict[TallyKey, int]:
    """Amounts that so many visits add to a month's tallies. `items` maps an item's id to how many were given out."""
    return {
        (Measure.VISITS, ""): visits,
        (Measure.PEOPLE, ""): people,
        **{(Measure.GIVEN, str(item)): quantity for item, quantity in items.items()},
    }


def _correct_stock(item: int, more: int, month: dt.date) -> None:
    """Take more of this item out of the stock in this month, or put some back. The item is locked."""
    if more < 0:
        Item.objects.take_back(Item.objects.guess_issued_lots({item: -more}, month=month), month=month)
    while more > 0:
        Item.objects.issue({item: min(more, MAX_ISSUED_AT_ONCE)}, month=month)
        more -= MAX_ISSUED_AT_ONCE


retention.keep(Tally, until=retention.FOR_GOOD, promise="totals")
row_order.rewrite(Tally, "month")
