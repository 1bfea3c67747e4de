"""Overdose reversals people tell us about: the month, and other facts, each of which may be empty."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice, from_their_lists
from hub.core.periods import opening_month
from hub.logs.models.base import MonthRow, MonthRowQuerySet, create_once
from volunteers.shared.registries import retention, row_order

MAX_DOSES = 20


class ReversalQuerySet(MonthRowQuerySet["Reversal"]):
    """Writing a reversal, and taking it out again."""

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
        """Write one overdose that was reversed. Returns False when this id is there already.

        Raises EntryDiffers if it stands for something else, and EntryUndone if it was undone.
        """
        return create_once(
            Reversal(
                id=id or uuid.uuid4(),
                month=month or opening_month(),
                place=place,
                doses=doses,
                called_999=called_999,
                outcome=outcome,
            ),
            has_key=id is not None,
        )


class Reversal(MonthRow):
    """An overdose that somebody reversed with naloxone. It has a kind of place, and no address and no person."""

    place = models.ForeignKey(
        Choice, verbose_name=_("kind of place"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    doses = models.PositiveSmallIntegerField(_("doses"), null=True, blank=True)
    called_999 = models.BooleanField(_("999 was called"), null=True, blank=True)
    outcome = models.ForeignKey(
        Choice, verbose_name=_("how it ended"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReversalQuerySet.as_manager()

    PARTS = ("doses", "called_999", "place", "outcome")

    class Meta(MonthRow.Meta):
        verbose_name = _("overdose reversed")
        verbose_name_plural = _("overdoses reversed")
        constraints = [
            *MonthRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(doses__isnull=True) | Q(doses__range=(1, MAX_DOSES)), name="reversal_doses_in_range"
            ),
        ]
        indexes = [models.Index(fields=["month"], name="reversal_month")]
        triggers = [from_their_lists(place=Choice.Of.PLACE.value, outcome=Choice.Of.OUTCOME.value)]


retention.keep(Reversal, until=retention.FOR_GOOD, promise="logs")
row_order.rewrite(Reversal)
