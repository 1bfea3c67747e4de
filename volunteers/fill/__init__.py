"""Fills a rota as well as it can be filled, and says why a place stayed empty.

It knows no database: plain values in, plain values out. Equal values give an equal result, in whatever order they come.
The constraints in `model` always hold; the order of `model.AIMS` decides the rest. Nobody who is on a shift already is
moved. Only `fill` loads the solver, and only the worker calls `fill`.
"""

from collections.abc import Callable, Iterable

from volunteers.fill.model import AIMS, FillModel
from volunteers.fill.problem import FillProblem
from volunteers.fill.solver import Aim
from volunteers.fill.types import (
    FillAnswer,
    FillHolding,
    FillPerson,
    FillPost,
    FillReason,
    FillResult,
    FillRules,
    FillShift,
    Gap,
)

__all__ = [
    "AIMS",
    "Aim",
    "FillAnswer",
    "FillHolding",
    "FillPerson",
    "FillPost",
    "FillReason",
    "FillResult",
    "FillRules",
    "FillShift",
    "Gap",
    "fill",
]


def fill(
    shifts: Iterable[FillShift],
    people: Iterable[FillPerson],
    rules: FillRules,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> FillResult:
    """The fullest, best qualified, most willing and most even rota within the rules; in that order.

    `tell` is called after each step with the number of steps done and the number of all steps.
    """
    rota = FillProblem(shifts, people, rules)
    model = FillModel(rota)
    solution, reached = model.program.solve(
        model.aims, seconds=rules.seconds, tell=lambda done: tell(done, len(model.aims))
    )
    tell(len(model.aims), len(model.aims))
    chosen = {place for place, variable in model.variables.items() if solution[variable]}
    return FillResult(tuple(sorted(chosen)), tuple(rota.gaps(chosen)), tuple(reached))
