"""A small integer program, and HiGHS to solve it. Only the worker comes here: the solver takes time and memory.

All variables and all aims are whole numbers. So a lower bound of 2.3 proves that an aim of 3 is the best.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# A limit of search nodes gives the same result on every machine; a limit of seconds does not, and comes second.
MAX_NODES = 5_000
MIN_SECONDS = 0.5
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Aim:
    """An aim, the value it was brought down to, and the bound that no solution can go below."""

    name: str
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether no better value exists, given all the aims before."""
        return self.value <= self.bound


@dataclass
class IntegerProgram:
    """Variables, each a whole number from 0 to its maximum, and constraints: sums of them between two bounds."""

    maximums: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    constraints: list[tuple[dict[int, int], float, float]] = field(default_factory=list)

    def add_variable(self, maximum: int = 1, *, start: int = 0) -> int:
        """Add a variable and return its number. All constraints have to hold for the values of `start`."""
        self.maximums.append(maximum)
        self.start.append(start)
        return len(self.maximums) - 1

    def add_constraint(self, terms: Mapping[int, int], *, least: float = -math.inf, most: float = math.inf) -> None:
        """Keep the sum of these variables, each times its factor, between two bounds."""
        self.constraints.append((dict(terms), least, most))

    def solve(
        self, aims: Mapping[str, Mapping[int, int]], *, seconds: float, tell: Callable[[int], None]
    ) -> tuple[list[int], list[Aim]]:
        """Minimise one aim after the other, without making an earlier one worse. Returns all values, and the aims.

        If time runs out it returns the best solution so far. `tell` is called with the number of aims done.
        """
        deadline = time.monotonic() + seconds
        solution = self.start
        reached: list[Aim] = []
        for number, (name, cost) in enumerate(aims.items()):
            tell(number)
            share = (deadline - time.monotonic()) / (len(aims) - number)
            solution, bound = _minimise(self, cost, solution, max(share, MIN_SECONDS))
            value = _cost_of(solution, cost)
            reached.append(Aim(name, value, min(value, bound)))
            self.add_constraint(cost, most=value)
        return solution, reached


def _minimise(
    program: IntegerProgram, cost: Mapping[int, int], start: list[int], seconds: float
) -> tuple[list[int], int]:
    """The best solution within the time, never worse than `start`, and the bound no solution can go below."""
    import highspy  # noqa: PLC0415 -- 30 MB that only the worker needs

    solver = highspy.Highs()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1 - TOLERANCE,
        "mip_max_nodes": MAX_NODES,
        "time_limit": seconds,
    }.items():
        solver.setOptionValue(option, value)
    solver.passModel(_as_highs(highspy, program, cost))
    solver.run()
    known = solver.getInfo()
    bound = math.ceil(known.mip_dual_bound - TOLERANCE) if math.isfinite(known.mip_dual_bound) else 0
    if known.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return start, bound
    solution = [round(value) for value in solver.getSolution().col_value]
    # HiGHS could be given `start`, but then returns it at times although it has a better solution.
    return min((solution, start), key=lambda values: _cost_of(values, cost)), bound


def _cost_of(values: list[int], cost: Mapping[int, int]) -> int:
    return sum(factor * values[variable] for variable, factor in cost.items())


def _as_highs(highspy: Any, program: IntegerProgram, cost: Mapping[int, int]) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.maximums), len(program.constraints)
    model.col_cost_ = [float(cost.get(variable, 0)) for variable in range(len(program.maximums))]
    model.col_lower_ = [0.0] * len(program.maximums)
    model.col_upper_ = [float(maximum) for maximum in program.maximums]
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(program.maximums)
    model.row_lower_ = [least for _terms, least, _most in program.constraints]
    model.row_upper_ = [most for _terms, _least, most in program.constraints]
    starts = [0]
    for terms, *_bounds in program.constraints:
        starts.append(starts[-1] + len(terms))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = starts
    model.a_matrix_.index_ = [variable for terms, *_bounds in program.constraints for variable in terms]
    model.a_matrix_.value_ = [float(factor) for terms, *_bounds in program.constraints for factor in terms.values()]
    return model
