"""Test strips: the limits of each kind, and the results people tell us about. None of them ever says “safe”."""

from __future__ import annotations

import datetime as dt
import uuid

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice, from_their_lists
from hub.core.default_choices import STARTING_STRIPS
from hub.core.periods import opening_month
from hub.logs.models.base import MonthRow, MonthRowQuerySet, create_once
from supplies.models import Item, Lot
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import retention, row_order


class StripQuerySet(models.QuerySet["Strip"]):
    """Queries about kinds of strip, and adding the first ones."""

    def offered(self) -> StripQuerySet:
        """Kinds whose results we still write down, in their order."""
        return self.filter(withdrawn=False)

    def lay_out(self) -> None:
        """Add the kinds we know of if there is none yet, each with its item of the catalogue."""
        if self.exists():
            return
        items = {item.slug: item for item in Item.objects.filter(slug__in=[strip.item for strip in STARTING_STRIPS])}
        Strip.objects.bulk_create(
            (
                Strip(name=str(strip.name), limits=str(strip.limits), item=items.get(strip.item), order=10 * number)
                for number, strip in enumerate(STARTING_STRIPS, start=1)
            ),
            ignore_conflicts=True,
        )


@pghistory.track()
class Strip(models.Model):
    """A kind of test strip, and the limits that stand beside every one of its results."""

    name = NameField(_("name"), max_length=60)
    limits = models.TextField(
        _("what it cannot find"),
        max_length=600,
        help_text=_("What it misses, what gives a wrong result, and how to read it. We show this beside every result."),
    )
    item = models.OneToOneField(
        Item,
        verbose_name=_("the same item in our stock"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Then people can choose its lot. What a strip finds may depend on its lot."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lowest first."))
    withdrawn = models.BooleanField(
        _("no longer offered"), default=False, help_text=_("Results already written down stay as they are.")
    )

    objects = StripQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of strip")
        verbose_name_plural = _("kinds of strip")
        ordering = ["order", "name__sorted"]
        default_permissions = ("change",)
        constraints = [
            OneName(of="name", name="strip_name_once"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(limits=""),
                name="strip_says_what_it_cannot_tell",
                violation_error_message=_("A strip needs a name, and words about what it cannot find."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StripResultQuerySet(MonthRowQuerySet["StripResult"]):
    """Writing a result, and taking it out again."""

    def report(  # noqa: PLR0913 -- it says all of this, by name
        self,
        strip: Strip,
        line: str,
        *,
        month: dt.date | None = None,
        id: uuid.UUID | None = None,  # noqa: A002 -- what it is called everywhere else
        sold_as: Choice | None = None,
        lot: Lot | None = None,
    ) -> bool:
        """Write one result. Returns False when this id is there already.

        Raises EntryDiffers if it stands for something else, and EntryUndone if it was undone.
        """
        return create_once(
            StripResult(
                id=id or uuid.uuid4(), month=month or opening_month(), strip=strip, line=line, sold_as=sold_as, lot=lot
            ),
            has_key=id is not None,
        )


class StripResult(MonthRow):
    """The result of a strip, as the person who used it told us. It has no sample, no dose, and promises nothing."""

    class Reading(models.TextChoices):
        """The test line that the strip showed. Makers count a faint line as a line."""

        ABSENT = "absent", _("No test line: it found something")
        PRESENT = "present", _("A test line: it found nothing it knows")
        INVALID = "invalid", _("Invalid: no control line")
        NOT_SURE = "not_sure", _("Not sure")

    sold_as = models.ForeignKey(
        Choice, verbose_name=_("sold as"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    strip = models.ForeignKey(Strip, verbose_name=_("strip"), on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(
        Lot,
        verbose_name=_("lot of the strip"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: we do not know the lot, or it is not ours."),
    )
    line = models.CharField(_("what it showed"), max_length=8, choices=Reading)

    objects = StripResultQuerySet.as_manager()

    PARTS = ("strip", "line", "sold_as", "lot")

    class Meta(MonthRow.Meta):
        verbose_name = _("strip result")
        verbose_name_plural = _("strip results")
        constraints = [
            *MonthRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(line__in=["absent", "present", "invalid", "not_sure"]), name="stripresult_line_known"
            ),
        ]
        indexes = [models.Index(fields=["month"], name="stripresult_month")]
        triggers = [
            from_their_lists(sold_as=Choice.Of.SOLD_AS.value),
            pgtrigger.Trigger(
                name="lot_of_its_strip",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.lot_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM supplies_lot JOIN hub_strip ON hub_strip.item_id = supplies_lot.item_id
                        WHERE supplies_lot.id = NEW.lot_id AND hub_strip.id = NEW.strip_id
                    ) THEN
                        RAISE EXCEPTION 'That lot is of another strip.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


retention.keep(Strip, until=retention.FOR_GOOD)
retention.keep(StripResult, until=retention.FOR_GOOD, promise="logs")
row_order.leave(Strip, because=row_order.LIST)
row_order.rewrite(StripResult)
