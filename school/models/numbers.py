"""What the School comes to by month, for the reports: counts, and nobody's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from school.models.sessions import Session


@dataclass(frozen=True)
class Ran:
    """How many sessions of a strand took place in a month, with how many places, and how many people came."""

    month: dt.date
    strand: str
    sessions: int = 0
    places: int = 0
    came: int = 0
    not_there: int = 0

    def and_also(self, places: int, came: int, not_there: int) -> Ran:
        """The same with one more session in it."""
        return Ran(
            self.month,
            self.strand,
            self.sessions + 1,
            self.places + places,
            self.came + came,
            self.not_there + not_there,
        )


def ran(first: dt.date, last: dt.date) -> list[Ran]:
    """What took place in the months of `first` to `last`: per month and strand. Two strands count in both.

    Only sessions whose register was closed: what nobody has counted yet is not a number.
    """
    over = Session.objects.announced().filter(
        starts_at__date__gte=first.replace(day=1),
        starts_at__date__lte=last,
        register_closed_on__isnull=False,
    )
    there = Count("enrolments", filter=Q(enrolments__state="there"))
    absent = Count("enrolments", filter=Q(enrolments__state="not_there"))
    found: dict[tuple[dt.date, str], Ran] = {}
    for session in over.with_modules().annotate(were_there=there, were_absent=absent).order_by("starts_at", "pk"):
        month = timezone.localdate(session.starts_at).replace(day=1)
        for strand in dict.fromkeys(module.strand.name for module in session.topics):
            so_far = found.get((month, strand), Ran(month, strand))
            found[month, strand] = so_far.and_also(
                session.places,
                session.were_there if session.came is None else session.came,
                session.not_there + session.were_absent,
            )
    return list(found.values())
