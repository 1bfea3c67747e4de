"""Overdose reversals people tell us about: the month, and whatever else they like to say. All of it may be empty."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice, from_their_lists
from hub.logs.models.base import MonthRow, MonthRowQuerySet, this_month, write_once
from volunteers.shared.registries import retention, row_order

MOST_DOSES = 20


class ReversalQuerySet(MonthRowQuerySet["Reversal"]):
    """Writing down what somebody told us, and taking it out again."""

    def report(  # noqa: PLR0913 -- it says all of this, by name
        self,
        *,
        month: dt.date | None = None,
        id: uuid.UUID | None = None,  # noqa: A002 -- what it is called everywhere else
        place: Choice | None = None,
        doses: int | None = None,
        called_999: bool | None = None,
        outcome: Choice | None = None,
    ) -> bool:
        """Write down one overdose that was reversed; False when this id is there already."""
        return write_once(
            Reversal(
                id=id or uuid.uuid4(),
                month=month or this_month(),
                place=place,
                doses=doses,
                called_999=called_999,
                outcome=outcome,
            )
        )

    def take_out(self, ids: list[uuid.UUID]) -> int:
        """It was written down by mistake; how many rows there were."""
        return self.filter(pk__in=ids).delete()[0]


class Reversal(MonthRow):
    """An overdose somebody reversed with naloxone. A kind of place and never an address; nobody in it."""

    place = models.ForeignKey(
        Choice, verbose_name=_("kind of place"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    doses = models.PositiveSmallIntegerField(_("doses"), null=True, blank=True)
    called_999 = models.BooleanField(_("999 was called"), null=True, blank=True)
    outcome = models.ForeignKey(
        Choice, verbose_name=_("how it ended"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReversalQuerySet.as_manager()

    class Meta(MonthRow.Meta):
        verbose_name = _("overdose reversed")
        verbose_name_plural = _("overdoses reversed")
        constraints = [
            *MonthRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(doses__isnull=True) | Q(doses__range=(1, MOST_DOSES)), name="reversal_doses_in_range"
            ),
        ]
        indexes = [models.Index(fields=["month"], name="reversal_month")]
        triggers = [from_their_lists(place=Choice.Of.PLACE.value, outcome=Choice.Of.OUTCOME.value)]


retention.keep(Reversal, until=retention.FOR_GOOD, promise="logs")
row_order.rewrite(Reversal)
