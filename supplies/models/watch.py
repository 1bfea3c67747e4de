"""Watch: items and lots that need attention: below zero, out, low, past their date, set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from supplies.models.lots import Lot
from supplies.models.needs import Need
from supplies.models.stock_levels import ItemQuerySet, StockState

if TYPE_CHECKING:
    from supplies.models.items import Item

EXPIRES_SOON = dt.timedelta(days=60)
NONE_TO_GIVE = (StockState.OUT, StockState.UNUSABLE)


@dataclass
class Watch:
    """Items and lots by their problem. An item stands in one of the first four at most."""

    below_zero: list[Item] = field(default_factory=list)
    out: list[Item] = field(default_factory=list)
    low: list[Item] = field(default_factory=list)
    running_out: list[Need] = field(default_factory=list)
    past: list[Lot] = field(default_factory=list)
    soon: list[Lot] = field(default_factory=list)
    set_aside: list[Lot] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything needs attention."""
        lists = (self.below_zero, self.out, self.low, self.running_out, self.past, self.soon, self.set_aside)
        return any(lists)

    @classmethod
    def over(cls, items: Iterable[Item], needs: Iterable[Need] = ()) -> Watch:
        """The problems of these items, which come with their needs' `unusable`, of the needs, and of all lots."""
        watch = cls()
        for item in items:
            if item.state == StockState.BELOW_ZERO:
                watch.below_zero.append(item)
            elif item.state in NONE_TO_GIVE and item.is_wanted:
                watch.out.append(item)
            elif item.state == StockState.LOW:
                watch.low.append(item)
        watch.running_out = [need for need in needs if need.advice and need.item.state == StockState.FINE]
        today = timezone.localdate()
        for lot in Lot.objects.to_look_at(today + EXPIRES_SOON):
            if lot.quarantined_since:
                watch.set_aside.append(lot)
            elif lot.expires_on and lot.expires_on < today:
                watch.past.append(lot)
            else:
                watch.soon.append(lot)
        return watch


@dataclass(frozen=True)
class Glance:
    """The number of items for each problem: one statement, for a page about other things too."""

    below_zero: int = 0
    out: int = 0
    low: int = 0
    past: int = 0
    soon: int = 0
    set_aside: int = 0
    has_tiles: bool = False
    """Whether anything has a place on the desk."""

    def __bool__(self) -> bool:
        """Whether any item needs attention."""
        return any((self.below_zero, self.out, self.low, self.past, self.soon, self.set_aside))

    @classmethod
    def at(cls, items: ItemQuerySet) -> Glance:
        """The numbers for these items."""
        today = timezone.localdate()
        every_item = list(items.with_on_hand().with_unusable(today).with_next_expiry().with_set_aside())
        stocked = [item for item in every_item if not item.is_bundle]
        dated = [item.next_expiry for item in stocked if item.next_expiry]
        return cls(
            below_zero=sum(item.state == StockState.BELOW_ZERO for item in stocked),
            out=sum(item.state in NONE_TO_GIVE and item.is_wanted for item in stocked),
            low=sum(item.state == StockState.LOW for item in stocked),
            past=sum(day < today for day in dated),
            soon=sum(today <= day <= today + EXPIRES_SOON for day in dated),
            set_aside=sum(item.has_set_aside for item in stocked),
            has_tiles=any(item.desk_order is not None for item in every_item),
        )
