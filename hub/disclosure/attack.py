"""What somebody who has read everything we published could work out of a hidden number. Knows no database.

Each thing they know is a sum of numbers nobody published by themselves, and the bounds it lies in: an integer
program. HiGHS is asked for the lowest and the highest value of a hidden sum, and for one in between. What it answers
is checked here, number by number: a value counts as possible only with a whole world in which it holds, so that no
tolerance and no early end of the solver can make a number look safer than it is. Only the worker runs this.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Atom = tuple[str, dt.date]
"""A number nothing we show looks further into: what is counted, and the month it counts in."""

MIN_POSSIBLE_VALUES = 3
"""A hidden number is hidden while at least so many values are possible."""

MOST = 1_000_000
"""No number of a month is larger."""


@dataclass(frozen=True)
class AtomSum:
    """Some atoms, each so many times: the visits of a quarter are those of its three months."""

    parts: tuple[tuple[Atom, int], ...]

    @classmethod
    def of(cls, parts: Mapping[Atom, int]) -> AtomSum:
        """The same sum is the same thing, however it was put together."""
        return cls(tuple(sorted((atom, times) for atom, times in parts.items() if times)))

    def value(self, numbers: Mapping[Atom, int]) -> int:
        """What it comes to. An atom that is not there is zero: nothing was counted."""
        return sum(times * numbers.get(atom, 0) for atom, times in self.parts)


@dataclass(frozen=True)
class KnownSum:
    """What is known of a sum: at least and at most. A `protected` one was hidden and must not be told."""

    of: AtomSum
    least: int
    most: int | None
    protected: bool = False

    def holds(self, numbers: Mapping[Atom, int]) -> bool:
        """Whether it is so."""
        value = self.of.value(numbers)
        return self.least <= value and (self.most is None or value <= self.most)


def split_independent(known: Iterable[KnownSum]) -> list[list[KnownSum]]:
    """The same, split into groups that say nothing of each other, as they share no atom."""
    group: dict[Atom, Atom] = {}

    def root(atom: Atom) -> Atom:
        while group.setdefault(atom, atom) != atom:
            group[atom] = group[group[atom]]
            atom = group[atom]
        return atom

    known = [one for one in known if one.of.parts]
    for one in known:
        first = root(one.of.parts[0][0])
        for atom, _times in one.of.parts[1:]:
            group[root(atom)] = first
    groups: dict[Atom, list[KnownSum]] = {}
    for one in known:
        groups.setdefault(root(one.of.parts[0][0]), []).append(one)
    return list(groups.values())


def find_weak(beside: list[KnownSum], until: float) -> Iterator[KnownSum]:
    """Each protected sum that has too few possible values, or that there was no time to look at."""
    protected = [known for known in beside if known.protected]
    if not protected:
        return
    worlds: list[Mapping[Atom, int]] = []
    model = _Model(beside)
    for known in protected:
        if len(_values(known.of, worlds)) < MIN_POSSIBLE_VALUES:
            worlds.extend(model.worlds(known.of, until))
        if len(_values(known.of, worlds)) < MIN_POSSIBLE_VALUES:
            yield known


def possible_values(known: KnownSum, beside: list[KnownSum], until: float) -> set[int]:
    """Values this sum can have, three at most: fewer are all there are, or all that were found in time."""
    return _values(known.of, _Model(beside).worlds(known.of, until))


def _values(of: AtomSum, worlds: Iterable[Mapping[Atom, int]]) -> set[int]:
    return {of.value(world) for world in worlds}


class _Model:
    """Everything that is known of some atoms, as HiGHS takes it."""

    def __init__(self, known: list[KnownSum]) -> None:
        import highspy  # noqa: PLC0415 -- heavy, and the web server never needs it

        self.highs, self.known = highspy, known
        self.atoms = sorted({atom for one in known for atom, _times in one.of.parts})
        self.place = {atom: place for place, atom in enumerate(self.atoms)}
        self.solver: Any = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("random_seed", 1)):
            self.solver.setOptionValue(option, value)
        for place in range(len(self.atoms)):
            self.solver.addVar(0, MOST)
            self.solver.changeColIntegrality(place, highspy.HighsVarType.kInteger)
        for one in known:
            self._row(one.of, one.least, one.most)

    def worlds(self, of: AtomSum, until: float) -> list[Mapping[Atom, int]]:
        """Worlds that agree with all that is known: with the lowest, the highest and another value of this sum."""
        senses = self.highs.ObjSense.kMinimize, self.highs.ObjSense.kMaximize
        found = [world for world in (self._solve(of, sense, until) for sense in senses) if world]
        if len(values := _values(of, found)) == MIN_POSSIBLE_VALUES - 1:
            row = self.solver.getNumRow()
            self._row(of, min(values) + 1, max(values) - 1)
            if world := self._solve(of, senses[0], until):
                found.append(world)
            self.solver.deleteRows(1, [row])
        return found

    def _row(self, of: AtomSum, least: int, most: int | None) -> None:
        at_most = self.highs.kHighsInf if most is None else most
        places, times = [self.place[atom] for atom, _times in of.parts], [float(times) for _atom, times in of.parts]
        self.solver.addRow(float(least), float(at_most), len(places), places, times)

    def _solve(self, of: AtomSum, sense: Any, until: float) -> Mapping[Atom, int] | None:
        """A world at one end of this sum; None if there is none, or not in time."""
        left = until - time.monotonic()
        if left <= 0:
            return None
        for place in range(len(self.atoms)):
            self.solver.changeColCost(place, 0.0)
        for atom, times in of.parts:
            self.solver.changeColCost(self.place[atom], float(times))
        self.solver.changeObjectiveSense(sense)
        # HiGHS counts from when the model was made.
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + left)
        self.solver.run()
        numbers = self.solver.getSolution().col_value
        world = {atom: round(number) for atom, number in zip(self.atoms, numbers, strict=False)}
        sound = len(world) == len(self.atoms) and all(0 <= number <= MOST for number in world.values())
        return world if sound and all(one.holds(world) for one in self.known) else None
