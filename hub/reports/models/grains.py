"""Grains: how long a period one published number covers, as coordinators chose for each measure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.core.periods import Span
from hub.disclosure.measures import MEASURES, measure_of
from supplies.models import Item
from volunteers.shared.registries import retention, row_order

GRAIN_NAMES = {Span.MONTH: _("by the month"), Span.QUARTER: _("by the quarter"), Span.YEAR: _("by the year")}


class MeasureGrainQuerySet(models.QuerySet["MeasureGrain"]):
    """Questions about grains, and choosing them."""

    def of_measures(self) -> dict[str, Span]:
        """Return the grain of every measure: as chosen, or its default."""
        chosen = dict(self.values_list("measure", "span"))
        return {slug: Span(chosen.get(slug, measure.grain)) for slug, measure in MEASURES.items()}

    @transaction.atomic
    def choose(self, measures: Mapping[str, int], items: Mapping[int, int]) -> None:
        """Choose the grain of measures and of items. A year of which something is published keeps its own."""
        for measure, span in sorted(measures.items()):
            self.update_or_create(measure=measure, defaults={"span": span})
        for item in Item.objects.filter(pk__in=items).order_by("pk").select_for_update(of=["self"]):
            if item.grain != items[item.pk]:
                item.grain = items[item.pk]
                item.save(update_fields=["grain"])


class MeasureGrain(models.Model):
    """The grain of one measure, where coordinators chose another than its default."""

    measure = models.CharField(max_length=20, primary_key=True)
    span = models.PositiveSmallIntegerField(choices=[(span.value, name) for span, name in GRAIN_NAMES.items()])

    objects = MeasureGrainQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(span__in=[1, 3, 12]), name="grain_known")]

    def __str__(self) -> str:
        return f"{self.measure}: {self.span}"


class Grains:
    """The grain of each series: its measure's, and for an item the longer of both."""

    def __init__(self, measures: Mapping[str, Span], items: Mapping[int, Item]) -> None:
        """Take the grains of the measures and the items."""
        self.measures, self.items = measures, items

    @classmethod
    def read(cls, items: Mapping[int, Item]) -> Self:
        """Read the grains of the measures."""
        return cls(MeasureGrain.objects.of_measures(), items)

    def __call__(self, name: str) -> Span:
        """Return the grain of a series."""
        measure = measure_of(name)
        own = self.measures[measure]
        if not MEASURES[measure].by_item:
            return own
        item = self.items.get(int(name.split(":")[1] or 0))
        return max(own, Span(item.grain)) if item else own


retention.keep(MeasureGrain, until=retention.FOR_GOOD)
row_order.leave(MeasureGrain, because=row_order.LIST)
