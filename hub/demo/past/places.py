"""Where the past's evenings are held, and on which days of the week. Knows no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count

from hub.demo.world import OPENING_DAYS

OUTREACH_DAYS = (0, 2, 5)  # the days between, so that the same people can do both
CANAL = "Canal bridge"


def list_places() -> Iterator[tuple[str, tuple[int, ...]]]:
    """A place and its days, and another for as long as somebody asks: the hub first, then outreach."""
    yield "", OPENING_DAYS
    yield CANAL, OUTREACH_DAYS
    for number in count(2):
        yield f"Market square {number}", OPENING_DAYS if number % 2 else OUTREACH_DAYS


def list_days(month: dt.date, before: dt.date) -> list[dt.date]:
    """The days of a month that come before this one."""
    days = [month + dt.timedelta(days=number) for number in range(31)]
    return [day for day in days if day.month == month.month and day < before]
