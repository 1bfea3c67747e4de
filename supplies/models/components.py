"""Components: the recipe of a pack or bundle, and the parts that went into the packs of one lot."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.lots import Lot


class ItemKind(models.TextChoices):
    """The kind of an item: one thing, a pack made up beforehand, or a bundle: one tile for several things."""

    THING = "thing", _("one thing")
    PACK = "pack", _("a pack, made up from its parts")
    BUNDLE = "bundle", _("a bundle: one tile for its parts")


@pghistory.track()
class Component(models.Model):
    """One line of a recipe: the quantity of an item in one pack, or under one tap of a bundle's tile."""

    kit = models.ForeignKey(
        "supplies.Item",
        verbose_name=_("a bundle: one tile for its parts"),
        on_delete=models.CASCADE,
        related_name="components",
    )
    item = models.ForeignKey("supplies.Item", verbose_name=_("part"), on_delete=models.PROTECT, related_name="part_of")
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kit", "item"],
                name="component_once_in_a_kit",
                violation_error_message=_("That is already in it. Change the number."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, 999)),
                name="component_quantity_in_range",
                violation_error_message=_("Say how many, from 1 to 999."),
            ),
        ]
        triggers: ClassVar = [
            # One recipe at a time, so that neither item becomes something else meanwhile. Holding the items themselves
            # would be in another order than giving out holds them.
            pgtrigger.Trigger(
                name="things_in_kits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("whole", "supplies_item"), ("part", "supplies_item")],
                func="""
                    PERFORM pg_advisory_xact_lock(hashtext('supplies: recipes'));
                    SELECT * INTO whole FROM supplies_item WHERE id = NEW.kit_id;
                    SELECT * INTO part FROM supplies_item WHERE id = NEW.item_id;
                    IF whole.kind = 'thing' OR part.kind <> 'thing' OR part.naloxone THEN
                        RAISE EXCEPTION 'Packs and bundles are made of things, and never of naloxone.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"

    def clean(self) -> None:
        """Explain in a sentence why an item cannot be a part, or a kit cannot have one."""
        if self.kit.kind == ItemKind.THING:
            raise ValidationError(_now("First choose pack or bundle. Then say what goes into it."))
        if self.item_id and (self.item.kind != ItemKind.THING or self.item.naloxone):
            raise ValidationError({"item": _now("Only single things can be parts. Naloxone never can.")})


class Inside(models.Model):
    """A part of the packs of one lot: the quantity that went in, and the quantity taken out again."""

    pack = models.ForeignKey(Lot, verbose_name=_("packs"), on_delete=models.PROTECT, related_name="inside")
    item = models.ForeignKey("supplies.Item", verbose_name=_("part"), on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(
        Lot, verbose_name=_("its lot"), null=True, on_delete=models.PROTECT, related_name="packed_into"
    )
    each = models.PositiveSmallIntegerField(_("in one pack"))
    quantity = models.PositiveIntegerField(_("in all of them"))
    given_back = models.PositiveIntegerField(_("taken out again"), default=0)

    class Meta:
        verbose_name = _("inside a pack")
        verbose_name_plural = _("inside packs")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["pack", "item", "lot"], nulls_distinct=False, name="inside_once_a_lot"),
            models.CheckConstraint(condition=Q(quantity__gt=0, each__gt=0), name="inside_something"),
            models.CheckConstraint(
                condition=Q(given_back__lte=F("quantity")), name="inside_gives_back_no_more_than_it_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"
