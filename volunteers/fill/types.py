"""What goes into filling a rota, and what comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from volunteers.fill.solver import Aim


class Answer(StrEnum):
    """What somebody said about a shift. Who said nothing is not put on it."""

    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"


class Reason(StrEnum):
    """Why somebody who would be right for a place is not on it."""

    SAID_NO = "said_no"
    SILENT = "silent"
    BARRED = "barred"
    HERE_ALREADY = "here_already"
    TOO_NEAR = "too_near"
    WEEK_FULL = "week_full"
    HAS_ENOUGH = "has_enough"
    NEW_ALONE = "new_alone"
    NO_PLACE = "no_place"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class Post:
    """So many people, each with these qualifications."""

    id: int
    least: int
    most: int
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shift:
    """An evening, and the posts on it. `day` is the one it begins on, where it is; `drop_in` whether people come in."""

    id: int
    day: dt.date
    starts: dt.datetime
    ends: dt.datetime
    posts: tuple[Post, ...]
    drop_in: bool = True


@dataclass(frozen=True)
class Held:
    """A qualification from a day on, until a day it no longer counts on."""

    what: str
    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True)
class Person:
    """Somebody who may be asked: what they hold and said, and where they are already.

    `on` are posts of these shifts they are on, `elsewhere` their other shifts, `barred` shifts they cannot be asked
    for, whatever they said. Without `wanted` they take as many as come.
    """

    id: int
    held: frozenset[Held] = frozenset()
    answers: Mapping[int, Answer] = field(default_factory=dict)
    wanted: int | None = None
    new: bool = False
    on: frozenset[int] = frozenset()
    elsewhere: tuple[Shift, ...] = ()
    barred: frozenset[int] = frozenset()

    def holds(self, needs: Iterable[str], day: dt.date) -> bool:
        """Whether they hold all of these on that day."""
        held = {one.what for one in self.held if one.since <= day and (one.until is None or day < one.until)}
        return held.issuperset(needs)


@dataclass(frozen=True)
class Rules:
    """What a hub has agreed on.

    Each qualification `everywhere` should be held by somebody wherever people come in. `brim` goes on beyond the
    least, with those who said yes.
    """

    rest: dt.timedelta = dt.timedelta(hours=11)
    a_week: int = 2
    everywhere: tuple[str, ...] = ()
    brim: bool = False
    seconds: float = 20.0


@dataclass(frozen=True)
class Gap:
    """Places that stayed empty on a post, or a qualification nobody on the shift holds (then `post` is None).

    `why` says what keeps how many from it, of those who hold what it needs.
    """

    shift: int
    post: int | None
    needs: tuple[str, ...]
    missing: int
    why: Mapping[Reason, int]

    @property
    def pool(self) -> int:
        """How many hold what it needs."""
        return sum(self.why.values())


@dataclass(frozen=True)
class Proposal:
    """Who is to be added where, what stays empty, and how good it is."""

    places: tuple[tuple[int, int], ...]
    gaps: tuple[Gap, ...]
    aims: tuple[Aim, ...]

    @property
    def proven(self) -> bool:
        """Whether there is none better."""
        return all(aim.proven for aim in self.aims)
