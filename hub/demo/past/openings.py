"""The past's openings, whose visits were added up long ago, and their tallies by month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from random import Random

from hub.core.periods import month_of
from hub.demo.past.places import list_days, list_places
from hub.demo.past.size import Size
from hub.desk.models.openings import Opening
from hub.desk.models.tallies import Measure, Tally
from hub.desk.sharps import KEYS

STATE = Opening.State


def add_openings(size: Size) -> Iterator[float]:
    """Add evenings up to a number for each month; each month's tallies grow by the added ones."""
    random = Random("evenings of years")  # noqa: S311 -- the same world every time is the point
    there = set(Opening.objects.values_list("date", "place"))
    known = Counter(month_of(date) for date, _place in there)
    for number, month in enumerate(size.months):
        days = list_days(month, size.today)
        wanted = round(size.evenings_a_month * min(1, len(days) / 28))
        free = _list_free(days, there, wanted)[: max(0, wanted - known[month])]
        openings = [_make_opening(random, date, place, size.busy(month)) for date, place in free]
        Opening.objects.bulk_create(openings)
        visits, people = (sum(getattr(opening, what) or 0 for opening in openings) for what in ("visits", "people"))
        came: dict[tuple[str, str], int] = {(Measure.VISITS, ""): visits, (Measure.PEOPLE, ""): people}
        came |= {(Measure.BINS, key): round(random.randint(1, 9) * size.busy(month)) for key in KEYS[1:4]}
        Tally.objects.add(month, came)
        if not number % 12:
            yield (number + 1) / len(size.months)
    yield 1


def _list_free(days: list[dt.date], there: set[tuple[dt.date, str]], wanted: int) -> list[tuple[dt.date, str]]:
    """Days and places where nothing is yet: the first places first, as many as are wanted and some more."""
    free: list[tuple[dt.date, str]] = []
    for place, weekdays in list_places():
        if len(free) >= wanted:
            break
        free += [(day, place) for day in days if day.weekday() in weekdays and (day, place) not in there]
    return free


def _make_opening(random: Random, date: dt.date, place: str, busy: float) -> Opening:
    """One evening. To a few nobody came, some were called off, and of some nobody wrote anything down."""
    opening = Opening(date=date, place=place, kind=Opening.Kind.OUTREACH if place else Opening.Kind.PLANNED)
    luck = random.random()
    if luck < 0.02:  # noqa: PLR2004 -- one in fifty
        opening.state = STATE.NOT_RECORDED if luck < 0.01 else STATE.CANCELLED  # noqa: PLR2004
    elif luck < 0.06:  # noqa: PLR2004
        opening.state, opening.visits, opening.people = STATE.NOBODY_CAME, 0, 0
    else:
        visits = max(1, round(random.randint(6, 24) * busy))
        opening.state, opening.visits, opening.people = STATE.CLOSED, visits, visits + random.randint(0, visits // 4)
    return opening
