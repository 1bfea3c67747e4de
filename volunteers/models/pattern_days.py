"""Days of a pattern: what is planned on them, what they meet, and shifts that differ from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from volunteers.models.shifts import Shift


@dataclass(frozen=True)
class Planned:
    """One day of a pattern: the times of its shift, or the reason why there is none."""

    day: dt.date
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    there: bool = False
    why_not: str = ""
    meets: tuple[Shift, ...] = ()

    @property
    def could_be_made(self) -> bool:
        """Whether a shift can be made on this day, be it beside others."""
        return self.starts_at is not None and not self.there and not self.why_not

    @property
    def is_new(self) -> bool:
        """Whether making the batch makes a shift on this day, without asking for it."""
        return self.could_be_made and not self.meets


@dataclass(frozen=True)
class Difference:
    """A shift that differs from its pattern, and in which respects."""

    shift: Shift
    what: list[str] = field(default_factory=list)
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None

    @property
    def is_booked(self) -> bool:
        """Whether the shift has sign-ups: then it is changed only if a planner ticks it."""
        return bool(self.shift.on_it)

    @property
    def is_gone(self) -> bool:
        """Whether the pattern no longer has that day."""
        return self.starts_at is None


def find_meetings(days: Sequence[Planned]) -> list[Planned]:
    """The same days, each with the planned shifts that are on at its times; one statement."""
    times = [(day.starts_at, day.ends_at) for day in days if day.starts_at and day.ends_at and day.could_be_made]
    if not times:
        return list(days)
    first, last = min(start for start, _end in times), max(end for _start, end in times)
    shifts = list(Shift.objects.planned().filter(starts_at__lt=last, ends_at__gt=first).order_by("starts_at", "pk"))
    return [_meet(day, shifts) for day in days]


def _meet(day: Planned, shifts: Sequence[Shift]) -> Planned:
    if not day.could_be_made or day.starts_at is None or day.ends_at is None:
        return day
    start, end = day.starts_at, day.ends_at
    return replace(day, meets=tuple(shift for shift in shifts if shift.starts_at < end and shift.ends_at > start))
