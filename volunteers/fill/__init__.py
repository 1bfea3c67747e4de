"""Fills a rota as well as it can be filled, and says why a place stayed empty.

Knows no database: plain values in, plain values out, and the same answer for the same values in whatever order.
What comes first is the order of `model.AIMS`; what holds whatever it costs are the rows of `model`. Nobody who is on
a shift already is moved. The solver is loaded by `fill` and by nothing else, which only the worker calls.
"""

from collections.abc import Callable, Iterable

from volunteers.fill.model import AIMS, Model
from volunteers.fill.problem import World
from volunteers.fill.solver import Aim
from volunteers.fill.types import Answer, Gap, Held, Person, Post, Proposal, Reason, Rules, Shift

__all__ = [
    "AIMS",
    "Aim",
    "Answer",
    "Gap",
    "Held",
    "Person",
    "Post",
    "Proposal",
    "Reason",
    "Rules",
    "Shift",
    "fill",
]


def fill(
    shifts: Iterable[Shift],
    people: Iterable[Person],
    rules: Rules,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Proposal:
    """The fullest, best qualified, most willing and most even rota within the rules; in that order.

    `tell` is called now and then with how many of how many steps are done.
    """
    world = World(shifts, people, rules)
    model = Model(world)
    found, reached = model.problem.solve(
        model.aims, seconds=rules.seconds, tell=lambda done: tell(done, len(model.aims))
    )
    tell(len(model.aims), len(model.aims))
    chosen = {where for where, column in model.columns.items() if found[column]}
    return Proposal(tuple(sorted(chosen)), tuple(world.gaps(chosen)), tuple(reached))
