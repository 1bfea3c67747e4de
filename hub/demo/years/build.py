"""All the parts of the years, one after the other, over the present demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection

from hub.demo import world
from hub.demo.years import evenings, logs, people, rota, school, stock
from hub.demo.years.size import Size

Part = Callable[[Size], Iterator[float]]
# In words, how long it takes beside the others, and what makes it: a generator that says how far it is.
PARTS: tuple[tuple[str, int, Part], ...] = (
    ("people", 1, people.lay_out),
    ("shifts", 3, rota.lay_out),
    ("evenings", 1, evenings.lay_out),
    ("stock", 5, stock.lay_out),
    ("logs", 1, logs.lay_out),
    ("the School", 8, school.lay_out),
)
THE_DEMO = 10
"""How long the present demo and the publishing take beside those."""


def lay_out(size: Size, tell: Callable[[float, str], None]) -> None:
    """Lay out the demo and the years before it, or nothing. `tell` hears how far it is, from 0 to 1, and with what.

    The caller has made sure that nobody real is in the database.
    """
    every = THE_DEMO + sum(weight for _words, weight, _part in PARTS)

    def years() -> None:
        done = THE_DEMO / 2
        for words, weight, part in PARTS:
            for share in part(size):
                tell((done + weight * share) / every, words)
            done += weight
        tell(done / every, "a report")

    tell(0, "today")
    world.lay_out(before=years)
    with connection.cursor() as cursor:
        # What the planner knows of a table it learns by and by; after so much at once it would be wrong for a while.
        cursor.execute("ANALYZE")
    tell(1, "done")
