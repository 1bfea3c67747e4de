"""Shortfalls: things people asked for and we did not have, by month, in numbers that grow.

Who asked, when and on which evening are not here, and must never be. There is no free text either: a thing that is no
item is a word of a list that coordinators keep.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import retention, row_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supplies.models.items import Item

MAX_NOTED = 999


class ShortfallDiffers(Exception):
    """A shortfall with this key was counted, and was another one. Both are lines to read."""

    def __init__(self, kept: list[str], sent: list[str]) -> None:
        """`kept` was counted; `sent` came now."""
        super().__init__(_now("This was already counted, as something else. Nothing was changed. Which one is right?"))
        self.kept = kept
        self.sent = sent


class WishQuerySet(models.QuerySet["Wish"]):
    """Questions about wishes."""

    def on_the_desk(self) -> WishQuerySet:
        """Wishes the desk shows."""
        return self.filter(withdrawn=False)


class Wish(models.Model):
    """A thing people ask for that is not in the catalogue: a word for the desk to tap."""

    name = NameField(
        _("what people ask for"), max_length=60, help_text=_("A thing, in one or two words. Never a person.")
    )
    withdrawn = models.BooleanField(
        _("off the list"), default=False, help_text=_("The desk no longer shows it. What we counted stays.")
    )

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ["withdrawn", "name__sorted"]
        default_permissions = ()
        constraints = [
            OneName(of="name", name="asked_for_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""), name="wish_name_given", violation_error_message=_("Write what people ask for.")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def switch(self, *, on: bool) -> None:
        """Show it on the desk, or not. Its counts stay."""
        Wish.objects.filter(pk=self.pk).update(withdrawn=not on)
        self.withdrawn = not on


class ShortfallReason(models.TextChoices):
    """The reason why it was not given."""

    OUT = "out", _("we were out")
    NOT_STOCKED = "not_stocked", _("we don’t stock it")
    LAW = "law", _("the law stops us")


class ShortfallQuerySet(models.QuerySet["Shortfall"]):
    """Questions about shortfalls, and the two things the desk does with them."""

    def count_missed(self, since: dt.date) -> Mapping[tuple[int, dt.date], int]:
        """Count the requests for each item while there was none, by (item, month)."""
        rows = self.filter(item__isnull=False, reason=Shortfall.Reason.OUT, month__gte=since)
        return {(item, month): n for item, month, n in rows.values_list("item", "month", "number")}

    def count_asked_for(self, since: dt.date) -> list[tuple[str, int]]:
        """Count the requests for each wish, the most wanted first."""
        rows = self.filter(wish__isnull=False, month__gte=since).values_list("wish__name").annotate(n=Sum("number"))
        return list(rows.order_by("-n", "wish__name__sorted"))

    @transaction.atomic
    def note(  # noqa: PLR0913 -- a tap says all of this, by name
        self,
        reason: str,
        *,
        month: dt.date,
        key: uuid.UUID,
        item: Item | None = None,
        wish: Wish | None = None,
        number: int = 1,
    ) -> bool:
        """Count one shortfall; False if this `key`, made on the device, has been counted or undone.

        Raises ShortfallDiffers if the key was counted for something else.
        One statement makes the month's row or lets it grow, so that any number of desks can do so at once.
        """
        self.check(reason, item=item, wish=wish, number=number)
        if not SeenShortfall.objects.first_time(key, month, reason=reason, item=item, wish=wish):
            SeenShortfall.objects.get(pk=key).check_same(reason, item=item, wish=wish)
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO supplies_shortfall (id, month, item_id, wish_id, reason, number)
                VALUES (gen_random_uuid(), %s, %s, %s, %s, %s)
                ON CONFLICT (month, item_id, wish_id, reason)
                DO UPDATE SET number = supplies_shortfall.number + excluded.number
                """,
                [month, item.pk if item else None, wish.pk if wish else None, reason, number],
            )
        return True

    @transaction.atomic
    def take_back(  # noqa: PLR0913 -- it says what the tap said
        self,
        reason: str,
        *,
        month: dt.date,
        key: uuid.UUID,
        item: Item | None = None,
        wish: Wish | None = None,
        number: int = 1,
    ) -> bool:
        """Undo `note`; False if it is undone already, or not counted yet: then it will not be, if it comes late."""
        self.check(reason, item=item, wish=wish, number=number)
        if not SeenShortfall.objects.undo(key, month, reason=reason, item=item, wish=wish):
            return False
        row = self.select_for_update().filter(month=month, item=item, wish=wish, reason=reason).first()
        if row is None or row.number < number:
            raise ValidationError(_now("We could not count that."), code="not_counted")
        if row.number == number:
            row.delete()
        else:
            row.number = F("number") - number
            row.save(update_fields=["number"])
        return True

    @staticmethod
    def check(reason: str, *, item: Item | None, wish: Wish | None, number: int) -> None:
        """Refuse, in a sentence, a shortfall that cannot be counted."""
        if (item is None) == (wish is None):
            raise ValidationError(_now("Say what they asked for."), code="thing")
        if reason not in Shortfall.Reason.values:
            raise ValidationError(_now("Say why they could not have it."), code="reason")
        if wish is not None and reason == Shortfall.Reason.OUT:
            raise ValidationError(Shortfall.NOT_STOCKED_NOT_OUT, code="reason")
        if not 1 <= number <= MAX_NOTED:
            raise ValidationError(_now("Write a number from 1 to 999."), code="number")


class Shortfall(models.Model):
    """The number of unmet requests for one thing in one month, for one reason: one row that grows."""

    Reason = ShortfallReason

    NOT_STOCKED_NOT_OUT = _("We do not stock that, so we cannot be out of it.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(_("month"))
    item = models.ForeignKey(
        "supplies.Item", verbose_name=_("item"), null=True, on_delete=models.PROTECT, related_name="shortfalls"
    )
    wish = models.ForeignKey(
        Wish, verbose_name=_("wish"), null=True, on_delete=models.PROTECT, related_name="shortfalls"
    )
    reason = models.CharField(_("reason"), max_length=11, choices=Reason)
    number = models.PositiveIntegerField(_("how often"))

    objects = ShortfallQuerySet.as_manager()

    class Meta:
        verbose_name = _("shortfall")
        verbose_name_plural = _("shortfalls")
        default_permissions = ()
        permissions = [("see_shortfalls", "Can see what was asked for and not there, by month")]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "item", "wish", "reason"], nulls_distinct=False, name="shortfall_one_row_that_grows"
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, wish__isnull=True) | Q(item__isnull=True, wish__isnull=False),
                name="shortfall_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["not_stocked", "law"]) | Q(reason="out", item__isnull=False),
                name="shortfall_reason_fits",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="shortfall_counts_some"),
            models.CheckConstraint(condition=Q(month__day=1), name="shortfall_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.number}"


class SeenShortfallQuerySet(models.QuerySet["SeenShortfall"]):
    """Questions about taps that were counted."""

    def first_time(self, key: uuid.UUID, month: dt.date, *, reason: str, item: Item | None, wish: Wish | None) -> bool:
        """Save this key; False if it is known. Of two at once the second waits for the first."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO supplies_seenshortfall (id, month, undone, reason, item_id, wish_id)"
                " VALUES (%s, %s, false, %s, %s, %s) ON CONFLICT DO NOTHING",
                [key, month, reason, item.pk if item else None, wish.pk if wish else None],
            )
            return int(cursor.rowcount) == 1

    def undo(self, key: uuid.UUID, month: dt.date, *, reason: str, item: Item | None, wish: Wish | None) -> bool:
        """Mark this key as undone; True if it had been counted and was not undone before."""
        if self.first_time(key, month, reason=reason, item=item, wish=wish):
            self.filter(pk=key).update(undone=True)
            return False
        self.get(pk=key).check_same(reason, item=item, wish=wish)
        return self.filter(pk=key, undone=False).update(undone=True) == 1

    def forget_old(self, today: dt.date) -> None:
        """Forget keys of the months before last: no device sends so late a copy."""
        last = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
        self.filter(month__lt=last).delete()


class SeenShortfall(models.Model):
    """The random key of a tap that was counted, and what it was: so that nothing else is taken for a copy of it.

    It says no more than the number it was counted in: neither when it was, nor who asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(_("month"))
    undone = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=11, choices=ShortfallReason, blank=True, db_default="")
    item = models.ForeignKey("supplies.Item", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    wish = models.ForeignKey(Wish, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)

    objects = SeenShortfallQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of a tap")
        verbose_name_plural = _("keys of taps")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="seenshortfall_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def check_same(self, reason: str, *, item: Item | None, wish: Wish | None) -> None:
        """Raise ShortfallDiffers if this key was counted for something else. Keys of an older version say nothing."""
        if self.reason and (self.reason, self.item, self.wish) != (reason, item, wish):
            raise ShortfallDiffers(_describe(self.reason, self.item or self.wish), _describe(reason, item or wish))


def _describe(reason: str, thing: object) -> list[str]:
    return [str(thing), str(ShortfallReason(reason).label)]


retention.keep(Wish, until=retention.FOR_GOOD)
retention.keep(Shortfall, until=retention.FOR_GOOD, promise="totals")
retention.keep(
    SeenShortfall,
    until="until the month after next",
    promise="random-numbers",
    every=retention.Every.DAY,
    delete=lambda: SeenShortfall.objects.forget_old(timezone.localdate()),
    in_backups=retention.InBackups.OPEN_DESK,
)
row_order.leave(Wish, because=row_order.LIST)
row_order.rewrite(Shortfall, "month", index="shortfall_one_row_that_grows")
row_order.rewrite(SeenShortfall)
