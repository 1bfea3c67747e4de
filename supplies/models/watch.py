"""What needs looking at on the shelf: counted wrong, gone, running low, past its date, set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from supplies.models.lots import Lot
from supplies.models.needs import Need
from supplies.models.shelf import State

if TYPE_CHECKING:
    from supplies.models.catalogue import Item

SOON = dt.timedelta(days=60)


@dataclass
class Watch:
    """Items by what is the matter with them. An item stands in one of the first four at most."""

    below_zero: list[Item] = field(default_factory=list)
    out: list[Item] = field(default_factory=list)
    low: list[Item] = field(default_factory=list)
    running_out: list[Need] = field(default_factory=list)
    past: list[Lot] = field(default_factory=list)
    soon: list[Lot] = field(default_factory=list)
    set_aside: list[Lot] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything does."""
        lists = (self.below_zero, self.out, self.low, self.running_out, self.past, self.soon, self.set_aside)
        return any(lists)

    @classmethod
    def over(cls, items: Iterable[Item], needs: Iterable[Need] = ()) -> Watch:
        """Look at these items, which come `with_on_hand`, at what they need if that is known, and at all lots."""
        watch = cls()
        for item in items:
            if item.state == State.BELOW_ZERO:
                watch.below_zero.append(item)
            elif item.state == State.OUT and item.is_wanted:
                watch.out.append(item)
            elif item.state == State.LOW:
                watch.low.append(item)
        watch.running_out = [need for need in needs if need.advice and need.item.state == State.FINE]
        today = timezone.localdate()
        for lot in Lot.objects.to_look_at(today + SOON):
            if lot.quarantined_since:
                watch.set_aside.append(lot)
            elif lot.expires_on and lot.expires_on < today:
                watch.past.append(lot)
            else:
                watch.soon.append(lot)
        return watch
