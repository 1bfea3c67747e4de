"""Whose turn it is for a place that is free. Knows no database.

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
    """What is due now: offers that ran out, whom to offer next, and how many places nobody waits for."""

    lapsed: tuple[int, ...]
    offered: tuple[int, ...]
    left: int


def plan_moves(line: Iterable[WaitingEntry], *, free: int, now: dt.datetime) -> Moves:
    """What is due with `free` places nobody has taken yet, those held for somebody among them."""
    line = sorted(line, key=lambda one: one.number)
    lapsed = [one for one in line if one.held_until and one.held_until <= now]
    held = sum(one.held_until is not None and one.held_until > now for one in line)
    waiting = [one for one in line if one.held_until is None and not one.passed]
    open_places = max(0, free - held)
    offered = waiting[:open_places]
    return Moves(
        lapsed=tuple(one.key for one in lapsed),
        offered=tuple(one.key for one in offered),
        left=open_places - len(offered),
    )


def held_until(now: dt.datetime, *, hours: int, starts_at: dt.datetime) -> dt.datetime:
    """Until when a place is held for somebody: some hours, and never past the beginning."""
    return min(now + dt.timedelta(hours=hours), starts_at)
