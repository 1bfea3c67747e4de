"""The waiting list: whose turn it is for a free place. Knows no database.

A waiting list moves in the order of its numbers. An offer is held until its moment and then passes on; whoever let
one pass stays on the list, behind everybody else, and is not offered again by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class WaitingEntry:
    """Somebody who waits, or to whom a place is held until a moment."""

    key: int
    number: int
    held_until: dt.datetime | None = None
    passed: bool = False


@dataclass(frozen=True)
class Moves:
    """The moves that are due: expired offers, the next people to offer to, and the places nobody waits for."""

    lapsed: tuple[int, ...]
    offered: tuple[int, ...]
    left: int


def plan_moves(entries: Iterable[WaitingEntry], *, free: int, now: dt.datetime) -> Moves:
    """Plan the moves for `free` places that nobody has taken; places held for somebody are among them."""
    entries = sorted(entries, key=lambda entry: entry.number)
    lapsed = [entry for entry in entries if entry.held_until and entry.held_until <= now]
    held = sum(entry.held_until is not None and entry.held_until > now for entry in entries)
    waiting = [entry for entry in entries if entry.held_until is None and not entry.passed]
    open_places = max(0, free - held)
    offered = waiting[:open_places]
    return Moves(
        lapsed=tuple(entry.key for entry in lapsed),
        offered=tuple(entry.key for entry in offered),
        left=open_places - len(offered),
    )


def get_hold_end(now: dt.datetime, *, hours: int, starts_at: dt.datetime) -> dt.datetime:
    """Return the end of an offer: some hours from now, and never past the beginning."""
    return min(now + dt.timedelta(hours=hours), starts_at)
