"""Opening times for the public, made from the published plan: which shifts are one opening, and which comes next.

Knows no database. Everything here was written down before anybody came, but for cancellations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, order=True)
class PlannedOpening:
    """From when until when people can come in at one place, or could have."""

    opens: dt.datetime
    closes: dt.datetime
    place: str = ""
    cancelled: bool = False

    def is_on(self, now: dt.datetime) -> bool:
        """Whether the plan says that the door is open at this moment."""
        return not self.cancelled and self.opens <= now < self.closes


def join_openings(planned: Iterable[PlannedOpening]) -> list[PlannedOpening]:
    """One opening for shifts that follow on from each other; a cancelled one is named only where nobody stands in."""
    going: list[PlannedOpening] = []
    off: list[PlannedOpening] = []
    for opening in sorted(planned):
        if opening.cancelled:
            off.append(opening)
            continue
        for at, before in enumerate(going):
            if before.place == opening.place and opening.opens <= before.closes:
                going[at] = replace(before, closes=max(before.closes, opening.closes))
                break
        else:
            going.append(opening)
    return sorted([*going, *(opening for opening in off if not any(_overlap(opening, other) for other in going))])


def find_open_now(openings: Iterable[PlannedOpening], now: dt.datetime) -> PlannedOpening | None:
    """The opening that is on; of several the one that lasts longest."""
    return max((each for each in openings if each.is_on(now)), key=lambda each: each.closes, default=None)


def _overlap(opening: PlannedOpening, other: PlannedOpening) -> bool:
    return opening.place == other.place and opening.opens < other.closes and other.opens < opening.closes
