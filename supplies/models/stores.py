"""Stores: the places where things stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from registries import retention, row_order

if TYPE_CHECKING:
    from supplies.models.lots import Lot


class StoreQuerySet(models.QuerySet["Store"]):
    """Questions about stores."""

    def main(self) -> Store:
        """Where deliveries go and giving out takes from, unless somebody says otherwise: the first in order.

        Made here if there is none yet, so that nothing ever waits for somebody to set up a cupboard.
        """
        return self.order_by("order", "pk").first() or self.get_or_create(name="Cupboard", defaults={"order": 1})[0]

    def for_the_desk(self) -> Store:
        """Where the desk takes from: the one set for it, else the main one."""
        return self.order_by("-serves_desk", "order", "pk").first() or self.main()

    def are_several(self) -> bool:
        """Whether there is a choice; where there is none nobody is asked."""
        return self.count() > 1


@pghistory.track()
class Store(models.Model):
    """A place where things stand: the cupboard, the desk, the outreach bag."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("The lowest is the main one: deliveries go there.")
    )
    serves_desk = models.BooleanField(
        _("the desk takes from here"), default=False, help_text=_("One at most. If none does, the main one serves.")
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="store_name_given",
                violation_error_message=_("Say what people call this place."),
            ),
            models.UniqueConstraint(
                fields=["serves_desk"],
                condition=Q(serves_desk=True),
                name="store_one_serves_the_desk",
                violation_error_message=_("The desk takes from one place only. Take the tick off the other first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def send(
        self, lines: Mapping[int, int], *, to: Store, lot: Lot | None = None, by: models.Model | None = None
    ) -> uuid.UUID:
        """Carry these quantities of these items to another place; the act it is in the ledger.

        Takes the lots that expire first, and leaves what is past its date or set aside, unless a lot is named.
        More than the books know to be here is refused: only giving out goes below zero.
        """
        from supplies.models.catalogue import Item  # noqa: PLC0415 -- the catalogue stands on its stores
        from supplies.models.ledger import Movement, Row, check_quantities  # noqa: PLC0415 -- the same
        from supplies.models.stock_levels import take  # noqa: PLC0415 -- the same

        if to.pk == self.pk:
            raise ValidationError(_now("It is there already. Choose another place."), code="same")
        if not lines:
            raise ValidationError(_now("Say how many of what."), code="nothing")
        check_quantities(lines.values())
        Item.objects.filter(pk__in=lines).lock()
        taken = take(lines, self, lot=lot)
        rows = [
            Row(one.item_id, one.lot_id, store.pk, sign * one.quantity)
            for one in taken
            for store, sign in ((self, -1), (to, +1))
        ]
        return Movement.objects.write(Movement.Kind.MOVED, rows, by=by)


retention.keep(Store, until=retention.FOR_GOOD)
row_order.leave(Store, because=row_order.LIST)
