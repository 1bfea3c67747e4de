"""Disclosure attack: which values of a hidden number are possible for a reader of everything published.

A reader knows sums of monthly numbers, each between two bounds. These are the constraints of an integer program.
The solver HiGHS looks for the lowest value of a hidden sum, the highest, and one between them. This module checks
each solution itself: a value counts as possible only with a full solution that satisfies every constraint. So neither
the tolerance of the solver nor its time limit makes a number look safer than it is.

Runs in the worker only. Knows no database.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Atom = tuple[str, dt.date]
"""The smallest number we count: its name and its month. Published numbers are sums of atoms."""

Solution = Mapping[Atom, int]
"""A number for each atom that satisfies every constraint."""

MIN_POSSIBLE_VALUES = 3
"""A hidden number is safe while a reader has this many possible values for it."""

MAX_VALUE = 1_000_000
"""The upper bound of every atom."""


@dataclass(frozen=True)
class AtomSum:
    """A sum of atoms with integer factors, such as the visits of a quarter over its three months."""

    parts: tuple[tuple[Atom, int], ...]

    @classmethod
    def of(cls, parts: Mapping[Atom, int]) -> AtomSum:
        """Build a sum in its normal form, so that equal sums compare as equal."""
        return cls(tuple(sorted((atom, times) for atom, times in parts.items() if times)))

    def value(self, numbers: Mapping[Atom, int]) -> int:
        """The value of the sum. A missing atom is zero."""
        return sum(factor * numbers.get(atom, 0) for atom, factor in self.parts)


@dataclass(frozen=True)
class KnownSum:
    """A constraint: the least and the most a sum can be. A `protected` sum is hidden and must stay so."""

    of: AtomSum
    least: int
    most: int | None
    protected: bool = False

    def holds(self, numbers: Mapping[Atom, int]) -> bool:
        """Whether the constraint is true of these numbers."""
        value = self.of.value(numbers)
        return self.least <= value and (self.most is None or value <= self.most)


def split_independent(constraints: Iterable[KnownSum]) -> list[list[KnownSum]]:
    """Split constraints into groups that share no atom, and can be solved one by one."""
    parent: dict[Atom, Atom] = {}

    def root(atom: Atom) -> Atom:
        while parent.setdefault(atom, atom) != atom:
            parent[atom] = parent[parent[atom]]
            atom = parent[atom]
        return atom

    constraints = [known for known in constraints if known.of.parts]
    for known in constraints:
        first = root(known.of.parts[0][0])
        for atom, _factor in known.of.parts[1:]:
            parent[root(atom)] = first
    groups: dict[Atom, list[KnownSum]] = {}
    for known in constraints:
        groups.setdefault(root(known.of.parts[0][0]), []).append(known)
    return list(groups.values())


def find_weak(constraints: list[KnownSum], deadline: float) -> Iterator[KnownSum]:
    """The protected sums with too few possible values, or with no time left to check them."""
    protected = [known for known in constraints if known.protected]
    if not protected:
        return
    solutions: list[Solution] = []
    model = _Model(constraints)
    for known in protected:
        if len(_values(known.of, solutions)) < MIN_POSSIBLE_VALUES:
            solutions.extend(model.find_solutions(known.of, deadline))
        if len(_values(known.of, solutions)) < MIN_POSSIBLE_VALUES:
            yield known


def possible_values(known: KnownSum, constraints: list[KnownSum], deadline: float) -> set[int]:
    """Up to three values that this sum can have. Fewer are all there are, or all found before the deadline."""
    return _values(known.of, _Model(constraints).find_solutions(known.of, deadline))


def _values(of: AtomSum, solutions: Iterable[Solution]) -> set[int]:
    return {of.value(solution) for solution in solutions}


class _Model:
    """The integer program of a group of constraints, for HiGHS."""

    def __init__(self, constraints: list[KnownSum]) -> None:
        import highspy  # noqa: PLC0415 -- heavy, and the web server never needs it

        self.highs, self.constraints = highspy, constraints
        self.atoms = sorted({atom for known in constraints for atom, _factor in known.of.parts})
        self.columns = {atom: column for column, atom in enumerate(self.atoms)}
        self.solver: Any = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("random_seed", 1)):
            self.solver.setOptionValue(option, value)
        for column in range(len(self.atoms)):
            self.solver.addVar(0, MAX_VALUE)
            self.solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for known in constraints:
            self._add_row(known.of, known.least, known.most)

    def find_solutions(self, of: AtomSum, deadline: float) -> list[Solution]:
        """Solutions with the lowest value of this sum, the highest, and one between them."""
        senses = self.highs.ObjSense.kMinimize, self.highs.ObjSense.kMaximize
        solutions = [solution for sense in senses if (solution := self._solve(of, sense, deadline))]
        if len(values := _values(of, solutions)) == MIN_POSSIBLE_VALUES - 1:
            row = self.solver.getNumRow()
            self._add_row(of, min(values) + 1, max(values) - 1)
            if solution := self._solve(of, senses[0], deadline):
                solutions.append(solution)
            self.solver.deleteRows(1, [row])
        return solutions

    def _add_row(self, of: AtomSum, least: int, most: int | None) -> None:
        upper = self.highs.kHighsInf if most is None else most
        columns = [self.columns[atom] for atom, _factor in of.parts]
        factors = [float(factor) for _atom, factor in of.parts]
        self.solver.addRow(float(least), float(upper), len(columns), columns, factors)

    def _solve(self, of: AtomSum, sense: Any, deadline: float) -> Solution | None:
        """A solution that minimises or maximises this sum; None without one, or after the deadline."""
        seconds_left = deadline - time.monotonic()
        if seconds_left <= 0:
            return None
        for column in range(len(self.atoms)):
            self.solver.changeColCost(column, 0.0)
        for atom, factor in of.parts:
            self.solver.changeColCost(self.columns[atom], float(factor))
        self.solver.changeObjectiveSense(sense)
        # The limit of HiGHS counts the run time of all solves of a model.
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds_left)
        self.solver.run()
        numbers = self.solver.getSolution().col_value
        solution = {atom: round(number) for atom, number in zip(self.atoms, numbers, strict=False)}
        in_bounds = len(solution) == len(self.atoms) and all(0 <= number <= MAX_VALUE for number in solution.values())
        return solution if in_bounds and all(known.holds(solution) for known in self.constraints) else None
