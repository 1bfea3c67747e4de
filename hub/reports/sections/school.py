"""The School: sessions that took place, people who came, and what they completed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.query import counted, month_of
from hub.reports.rows import Found, Line, Section
from school.models import CompletionCount, Enrolment, Session


def asks(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Sessions whose register was closed, who was there, and what was finished."""
    over = Session.objects.announced().filter(
        starts_at__date__gte=first, starts_at__date__lt=end, register_closed_on__isnull=False
    )
    month = month_of("starts_at")
    yield counted(over, "sessions", month=month, number=Count("pk"))
    # Who came is counted from the register until it has gone, and stands on the session from then on.
    yield counted(over.filter(came__isnull=False), "came", month=month, number=Sum("came"))
    there = Enrolment.objects.filter(session__in=over.filter(came__isnull=True), state=Enrolment.State.THERE)
    yield counted(there, "came", month=month_of("session__starts_at"), number=Count("pk"))
    done = CompletionCount.objects.filter(month__gte=first, month__lt=end, course__isnull=False)
    yield counted(done, "finished", of="course", called=F("course__name"))


def lines(found: Found) -> Sequence[Line]:
    """Sessions are exact, people are not."""
    finished = found.names("finished")
    return [
        Line(_now("Sessions"), {"sessions:": 1}, things=True),
        Line(_now("Times somebody came to a session"), {"came:": 1}),
        *(Line(_now("Completed: %(course)s") % {"course": label}, {name: 1}) for name, label in finished),
    ]


SECTION = Section(
    "school",
    _("The School"),
    _("Sessions whose register was closed, and completions by month. Registers themselves are not kept."),
    lines,
    asks,
)
