"""When the door is open, made from the published plan: which shifts are one opening, and which comes next.

Knows no database. Everything here was written down before anybody came, but for cancellations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, order=True)
class Doors:
    """From when until when people can come in at one place, or could have."""

    opens: dt.datetime
    closes: dt.datetime
    place: str = ""
    cancelled: bool = False

    def is_on(self, now: dt.datetime) -> bool:
        """Whether the plan says that the door is open at this moment."""
        return not self.cancelled and self.opens <= now < self.closes


def joined(planned: Iterable[Doors]) -> list[Doors]:
    """One opening for shifts that follow on from each other; a cancelled one is named only where nobody stands in."""
    going: list[Doors] = []
    off: list[Doors] = []
    for one in sorted(planned):
        if one.cancelled:
            off.append(one)
            continue
        for at, before in enumerate(going):
            if before.place == one.place and one.opens <= before.closes:
                going[at] = replace(before, closes=max(before.closes, one.closes))
                break
        else:
            going.append(one)
    return sorted([*going, *(one for one in off if not any(_meet(one, other) for other in going))])


def on_now(doors: Iterable[Doors], now: dt.datetime) -> Doors | None:
    """The opening that is on; of several the one that lasts longest."""
    return max((one for one in doors if one.is_on(now)), key=lambda one: one.closes, default=None)


def _meet(one: Doors, other: Doors) -> bool:
    return one.place == other.place and one.opens < other.closes and other.opens < one.closes
