"""What hangs on somebody being able to come: shown before they are paused, leave or lose a qualification.

Whatever plans people ahead registers here, in the last lines of the module of its model: how its places are found,
and what follows once they are left open, so that who plans hears of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True)
class TouchedPlace:
    """A place ahead that is open, or not theirs to give, without them: in words, with its page."""

    kind: str
    starts_at: dt.datetime
    words: str
    address: str
    about: Any

    def __str__(self) -> str:
        return self.words


Find: TypeAlias = Callable[[Any, "dt.datetime", Any], Iterable[TouchedPlace]]
FollowUp: TypeAlias = Callable[[list[TouchedPlace], Any, "dt.datetime"], None]
_REGISTRY: dict[str, tuple[Find, FollowUp]] = {}


def register(kind: str, find: Find, follow_up: FollowUp) -> None:
    """Register how places are found, of a person or only those that need one of their holdings; and what follows."""
    _REGISTRY[kind] = (find, follow_up)


def find_touched(
    person: Any, now: dt.datetime, *, without: Any = None, but: Collection[str] = ()
) -> list[TouchedPlace]:
    """List the places ahead that this person leaves open, or those they leave `without` a holding; soonest first.

    `but` names kinds that the caller knows already.
    """
    finders = [find for kind, (find, _follow_up) in _REGISTRY.items() if kind not in but]
    places = [place for find in finders for place in find(person, now, without)]
    return sorted(places, key=lambda place: place.starts_at)


def follow_up(places: Iterable[TouchedPlace], by: Any, now: dt.datetime) -> None:
    """Let follow what follows: who plans these places is told, except `by`, and who waits for one gets it."""
    left = list(places)
    for kind, (_find, follow) in _REGISTRY.items():
        if mine := [place for place in left if place.kind == kind]:
            follow(mine, by, now)
