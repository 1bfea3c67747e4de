"""What depends on the time of something that can be moved: a shift, a session. Filled beside the models.

Every column that points at something with a time stands here, with what becomes of its rows when that time changes:
a test walks the models and fails for one that does not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

SMALL = dt.timedelta(minutes=30)
"""A change of so much is the same evening: nobody has to say anew whether they can."""


class WhenMoved(Enum):
    """What becomes of a row when the time it hangs on changes."""

    MOVES = "it has the new time"
    ASKS_AGAIN = "its people are asked, or told, again"
    FALLS = "it was about the old time, and goes"
    STAYS = "it says nothing about a time"


@dataclass(frozen=True)
class Move:
    """A change of times that was just written: of what, from when until when before, by whom and at which moment."""

    thing: Any
    started_at: dt.datetime
    ended_at: dt.datetime
    now: dt.datetime
    by: Any = None

    @property
    def is_small(self) -> bool:
        """Whether begin and end moved by half an hour at most."""
        later = (self.thing.starts_at - self.started_at, self.thing.ends_at - self.ended_at)
        return all(abs(change) <= SMALL for change in later)


Follow: TypeAlias = Callable[[Move], Iterable[str]]


@dataclass(frozen=True)
class Dependent:
    """A column that points at something with a time: what becomes of its rows, why, and the code that does it."""

    on: str
    model: str
    column: str
    becomes: WhenMoved
    because: str
    follow: Follow | None = None


_REGISTRY: list[Dependent] = []


def depend(model: Any, *columns: str, on: str, becomes: WhenMoved, because: str, follow: Follow | None = None) -> None:
    """Register columns of a model that hang on the time of `on`; `follow` is run once for all of them."""
    for column in columns:
        label = model._meta.label  # noqa: SLF001 -- Django's own public name for it
        _REGISTRY.append(Dependent(on, label, column, becomes, because, follow if column == columns[0] else None))


def find_dependents(on: str = "") -> list[Dependent]:
    """List everything that hangs on a time; of one kind of thing, if it is named."""
    return [each for each in _REGISTRY if on in ("", each.on)]


def follow_move(move: Move) -> list[str]:
    """Let everything follow that hangs on the time of what was moved. Returns what planners should know of it."""
    dependents = find_dependents(move.thing._meta.label)  # noqa: SLF001 -- the same
    return [sentence for each in dependents if each.follow for sentence in each.follow(move)]
