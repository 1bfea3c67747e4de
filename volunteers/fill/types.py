"""The input and the result of filling a rota, as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from volunteers.fill.solver import Aim


class FillAnswer(StrEnum):
    """A person's answer about a shift. Somebody without an answer is not put on it."""

    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"


class FillReason(StrEnum):
    """Why a person who holds the qualifications for a place is not on it."""

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
class FillPost:
    """A post: from `least` to `most` people, each with all these qualifications."""

    id: int
    least: int
    most: int
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FillShift:
    """A shift and its posts. `day` is the local day it begins on; `drop_in` says whether people come in."""

    id: int
    day: dt.date
    starts: dt.datetime
    ends: dt.datetime
    posts: tuple[FillPost, ...]
    drop_in: bool = True


@dataclass(frozen=True)
class FillHolding:
    """A qualification somebody holds: it counts on `since` and no longer on `until`."""

    what: str
    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True)
class FillPerson:
    """A person who may be put on shifts: holdings, answers, and the shifts they are on already.

    `on` are posts in this rota, `elsewhere` their other shifts. `barred` are shifts they cannot be put on, whatever
    they answered. `wanted` is how many shifts they would like; without it they take any number.
    """

    id: int
    held: frozenset[FillHolding] = frozenset()
    answers: Mapping[int, FillAnswer] = field(default_factory=dict)
    wanted: int | None = None
    new: bool = False
    on: frozenset[int] = frozenset()
    elsewhere: tuple[FillShift, ...] = ()
    barred: frozenset[int] = frozenset()

    def holds(self, needs: Iterable[str], day: dt.date) -> bool:
        """Whether they hold all of these on that day."""
        held = {
            holding.what
            for holding in self.held
            if holding.since <= day and (holding.until is None or day < holding.until)
        }
        return held.issuperset(needs)


@dataclass(frozen=True)
class FillRules:
    """The rules a hub has agreed on.

    Each qualification in `everywhere` should be held by somebody on every drop-in shift. `brim` fills posts beyond
    their minimum, up to their maximum.
    """

    rest: dt.timedelta = dt.timedelta(hours=11)
    a_week: int = 2
    first_weekday: int = 0
    everywhere: tuple[str, ...] = ()
    brim: bool = False
    seconds: float = 20.0


@dataclass(frozen=True)
class Gap:
    """Empty places on a post; or, where `post` is None, a qualification nobody on the shift holds.

    `why` counts, by reason, the people who hold what it needs and are not there.
    """

    shift: int
    post: int | None
    needs: tuple[str, ...]
    missing: int
    why: Mapping[FillReason, int]

    @property
    def pool(self) -> int:
        """The number of people who hold the needed qualifications."""
        return sum(self.why.values())


@dataclass(frozen=True)
class FillResult:
    """A filled rota: people to add to posts, gaps that stay, and how well each aim was reached."""

    places: tuple[tuple[int, int], ...]
    gaps: tuple[Gap, ...]
    aims: tuple[Aim, ...]

    @property
    def proven(self) -> bool:
        """Whether no better rota exists."""
        return all(aim.proven for aim in self.aims)
