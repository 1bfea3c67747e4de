"""Course completion: the modules a person has done, and those still to do. Knows no database.

Being there is not in here: only what was said of it afterwards counts. Nothing counts by default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class OutcomeState(StrEnum):
    """The state of one person in one module."""

    NOT_YET = "not_yet"
    DONE = "done"
    TOGETHER = "together"


class Level(StrEnum):
    """The level a person has reached in a course."""

    READY = "ready"
    NEARLY = "nearly"
    UNDER_WAY = "under_way"
    STALLED = "stalled"
    NEW = "new"


@dataclass(frozen=True)
class ModuleRule:
    """The rule of one module of a course: required or not, and when to refresh it."""

    module: int
    required: bool = True
    refresh_months: int | None = None


@dataclass(frozen=True)
class ModuleOutcome:
    """The state of one module, and the day it was recorded."""

    module: int
    state: str
    on: dt.date


@dataclass(frozen=True)
class Pace:
    """When a course calls somebody nearly there, and when stalled."""

    nearly_left: int = 2
    stalled_weeks: int = 8


@dataclass(frozen=True)
class CourseStanding:
    """Where somebody stands in a course. `to_do` is in the order of the curriculum."""

    done: frozenset[int]
    to_do: tuple[int, ...]
    ran_out: frozenset[int]
    complete_on: dt.date | None
    until: dt.date | None
    level: Level

    @property
    def complete(self) -> bool:
        """Whether nothing required is left."""
        return self.complete_on is not None


def get_expiry_date(outcome: ModuleOutcome, refresh_months: int | None) -> dt.date | None:
    """Return the first day on which the outcome no longer counts, if it has to be refreshed."""
    return outcome.on + relativedelta(months=refresh_months) if refresh_months else None


def assess_standing(  # noqa: PLR0913 -- the two facts beside the outcomes have names of their own
    rules: Iterable[ModuleRule],
    outcomes: Iterable[ModuleOutcome],
    *,
    today: dt.date,
    last_there: dt.date | None = None,
    comes_again: bool = False,
    pace: Pace = Pace(),
) -> CourseStanding:
    """Assess where a person stands in a course, from the outcomes of its modules.

    A course is complete when every required module is done and none has run out; one that requires nothing is
    never complete. `last_there` and `comes_again` (a place in a session ahead) only decide who is called stalled.
    """
    rules = list(rules)
    by_module = {outcome.module: outcome for outcome in outcomes}
    done, ran_out, to_do, ends = set(), set(), [], []
    for rule in rules:
        outcome = by_module.get(rule.module)
        end = get_expiry_date(outcome, rule.refresh_months) if outcome else None
        if outcome and outcome.state == OutcomeState.DONE and (end is None or end > today):
            done.add(rule.module)
            if rule.required and end:
                ends.append(end)
            continue
        if outcome and outcome.state == OutcomeState.DONE:
            ran_out.add(rule.module)
        if rule.required:
            to_do.append(rule.module)
    required = [rule.module for rule in rules if rule.required]
    complete_on = max(by_module[module].on for module in required) if required and not to_do else None
    moved = [outcome.on for outcome in by_module.values() if outcome.state != OutcomeState.NOT_YET] + (
        [last_there] if last_there else []
    )
    return CourseStanding(
        done=frozenset(done),
        to_do=tuple(to_do),
        ran_out=frozenset(ran_out),
        complete_on=complete_on,
        until=min(ends) if complete_on and ends else None,
        level=_get_level(len(to_do), complete_on is not None, moved, comes_again, today, pace),
    )


def _get_level(  # noqa: PLR0913, PLR0917 -- the steps of one decision, kept together
    left: int,
    complete: bool,  # noqa: FBT001
    moved: list[dt.date],
    comes_again: bool,  # noqa: FBT001
    today: dt.date,
    pace: Pace,
) -> Level:
    if complete:
        return Level.READY
    if not moved:
        return Level.NEW
    if not comes_again and max(moved) <= today - dt.timedelta(weeks=pace.stalled_weeks):
        return Level.STALLED
    return Level.NEARLY if 0 < left <= pace.nearly_left else Level.UNDER_WAY
