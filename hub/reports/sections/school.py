"""The School: sessions with a closed register, attendance, and completed courses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.query import count_query, list_query, month_expression
from hub.reports.rows import Figures, ReportRow, Section
from school.models import CompletionCount, Course, Enrolment, Session


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Sessions with a closed register, attendance, and completions by course."""
    over = Session.objects.announced().filter(
        starts_at__date__gte=first, starts_at__date__lt=end, register_closed_on__isnull=False
    )
    month = month_expression("starts_at")
    yield count_query(over, "sessions", month=month, number=Count("pk"))
    yield count_query(over, "room", month=month, number=Sum("places"))
    # Attendance is counted from the register; once that is deleted, the session holds the number.
    yield count_query(over.filter(came__isnull=False), "came", month=month, number=Sum("came"))
    there = Enrolment.objects.filter(session__in=over.filter(came__isnull=True), state=Enrolment.State.THERE)
    yield count_query(there, "came", month=month_expression("session__starts_at"), number=Count("pk"))
    done = CompletionCount.objects.filter(month__gte=first, month__lt=end, course__isnull=False)
    yield count_query(done, "finished", of="course", called=F("course__name"))
    yield list_query(Course.objects.all(), "finished", first)


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Sessions, attendance and completions. Only sessions are exact."""
    finished = figures.names("finished")
    return [
        ReportRow(_now("Sessions"), {"sessions:": 1}, is_exact=True),
        ReportRow(_now("Times somebody came to a session"), {"came:": 1}),
        *(
            ReportRow(_now("Completed: %(course)s") % {"course": label}, {name: 1}, is_optional=True)
            for name, label in finished
        ),
    ]


SECTION = Section(
    "school",
    _("The School"),
    _("Sessions with a closed register, and completions by month. We do not keep the registers."),
    build_rows,
    build_queries,
)
