"""A small whole-number problem, and HiGHS to solve it. Only the worker comes here: the solver takes time and memory.

Every number in a problem is whole, and so is whatever is made least; that is how a bound of 2.3 proves a 3.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Steps do not depend on how fast the machine is, seconds do: the steps are what usually ends a long search.
MOST_STEPS = 5_000
AT_LEAST_SECONDS = 0.5
WHOLE = 1e-6


@dataclass(frozen=True)
class Aim:
    """What was made least, what it came to, and what it cannot be below."""

    name: str
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether nothing better exists, given all the aims before."""
        return self.value <= self.bound


@dataclass
class Problem:
    """Columns, each a whole number from nothing to its most, and rows that keep sums of them between bounds."""

    most: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, int], float, float]] = field(default_factory=list)

    def column(self, most: int = 1, *, begins: int = 0) -> int:
        """A new number; its place among the columns. With what each `begins` as, every row holds."""
        self.most.append(most)
        self.begins.append(begins)
        return len(self.most) - 1

    def row(self, terms: Mapping[int, int], *, least: float = -math.inf, most: float = math.inf) -> None:
        """Keep a sum of columns, each times a number, between two bounds."""
        self.rows.append((dict(terms), least, most))

    def solve(
        self, aims: Mapping[str, Mapping[int, int]], *, seconds: float, tell: Callable[[int], None]
    ) -> tuple[list[int], list[Aim]]:
        """One aim after the other, each made least without undoing those before it.

        Cut short, it returns the best it has come by. `tell` is called with how many aims are done.
        """
        deadline = time.monotonic() + seconds
        found = self.begins
        reached: list[Aim] = []
        for number, (name, cost) in enumerate(aims.items()):
            tell(number)
            share = (deadline - time.monotonic()) / (len(aims) - number)
            found, bound = _least(self, cost, found, max(share, AT_LEAST_SECONDS))
            value = sum(times * found[column] for column, times in cost.items())
            reached.append(Aim(name, value, min(value, bound)))
            self.row(cost, most=value)
        return found, reached


def _least(problem: Problem, cost: Mapping[int, int], start: list[int], seconds: float) -> tuple[list[int], int]:
    """The best found within the time, never worse than `start`, and what nothing can be below."""
    import highspy  # noqa: PLC0415 -- 30 MB that only the worker needs

    solver = highspy.Highs()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1 - WHOLE,
        "mip_max_nodes": MOST_STEPS,
        "time_limit": seconds,
    }.items():
        solver.setOptionValue(option, value)
    solver.passModel(_as_highs(highspy, problem, cost))
    solver.run()
    known = solver.getInfo()
    bound = math.ceil(known.mip_dual_bound - WHOLE) if math.isfinite(known.mip_dual_bound) else 0
    if known.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return start, bound
    found = [round(value) for value in solver.getSolution().col_value]
    # HiGHS could be given `start`, but then gives it back at times where it has found better.
    return min((found, start), key=lambda one: sum(times * one[column] for column, times in cost.items())), bound


def _as_highs(highspy: Any, problem: Problem, cost: Mapping[int, int]) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(problem.most), len(problem.rows)
    model.col_cost_ = [float(cost.get(column, 0)) for column in range(len(problem.most))]
    model.col_lower_ = [0.0] * len(problem.most)
    model.col_upper_ = [float(most) for most in problem.most]
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(problem.most)
    model.row_lower_ = [least for _terms, least, _most in problem.rows]
    model.row_upper_ = [most for _terms, _least, most in problem.rows]
    starts = [0]
    for terms, *_bounds in problem.rows:
        starts.append(starts[-1] + len(terms))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = starts
    model.a_matrix_.index_ = [column for terms, *_bounds in problem.rows for column in terms]
    model.a_matrix_.value_ = [float(times) for terms, *_bounds in problem.rows for times in terms.values()]
    return model
