"""Sessions of a group: one is put in after the fact, or taken out; and how many came to each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from school.models.enrolments import Enrolment
from school.models.sessions import Session
from volunteers.shared.refusals import NotAllowed

if TYPE_CHECKING:
    from school.models.cohorts import Cohort, CohortQuerySet
    from school.models.session_queryset import SessionQuerySet

ATTACHABLE_SINCE = dt.timedelta(days=180)
"""The age up to which a session that took place is offered to a group."""


class Attendance(NamedTuple):
    """The number of people who came to something, of those who had a place."""

    came: int
    expected: int


def find_attachable_sessions(cohort: Cohort, now: dt.datetime) -> SessionQuerySet:
    """Find sessions in no group that teach something of this group's course: those ahead, then the latest."""
    teaches = Session.objects.filter(modules__course=cohort.course_id).values("pk")
    lately = Session.objects.exclude(state="cancelled").filter(starts_at__gt=now - ATTACHABLE_SINCE)
    return lately.filter(pk__in=teaches, cohort__isnull=True).order_by("-starts_at", "-pk")


@transaction.atomic
def attach_session(cohort: Cohort, session: Session, *, now: dt.datetime) -> list[str]:
    """Put the session in the group. Returns the states of the people who are enrolled by that. Twice is harmless."""
    cohort = cohort.lock()
    session = session.lock()
    if session.cohort_id == cohort.pk:
        return []
    if session.cohort:
        raise NotAllowed(_("It is in “%(group)s” already. Take it out there first.") % {"group": session.cohort})
    if not session.is_on:
        raise NotAllowed(_("This session was called off. Plan another."))
    session.cohort = cohort
    session.save(update_fields=["cohort"])
    return cohort.enrol_members(session, now=now)


@transaction.atomic
def detach_session(cohort: Cohort, session: Session) -> bool:
    """Take the session out of the group. Places people have stay theirs. Returns False if it was not in it."""
    session = session.lock()
    if session.cohort_id != cohort.pk:
        return False
    session.cohort = None
    session.save(update_fields=["cohort"])
    return True


def describe_places(states: list[str]) -> str:
    """Say what putting a group on a session came to: how many have a place, and how many wait."""
    placed, waits = states.count("enrolled"), states.count("waiting")
    words = ngettext("%(n)d person of the group has a place.", "%(n)d people of the group have a place.", placed)
    if waits:
        words += " " + ngettext("%(w)d waits.", "%(w)d wait.", waits)
    return words % {"n": placed, "w": waits} if states else ""


def with_attendance(sessions: SessionQuerySet) -> SessionQuerySet:
    """Annotate sessions with the numbers of people marked as there and as not there, while the register is kept."""
    marked: dict[str, Any] = {
        "marked_there": Count("enrolments", filter=Q(enrolments__state="there")),
        "marked_absent": Count("enrolments", filter=Q(enrolments__state="not_there")),
    }
    annotated: SessionQuerySet = sessions.annotate(**marked)
    return annotated


def read_attendance(session: Session) -> Attendance | None:
    """The attendance of a session `with_attendance`; None where nobody closed its register."""
    if not session.is_on or not session.register_closed_on:
        return None
    came = session.came if session.came is not None else session.marked_there
    return Attendance(came, came + session.not_there + session.marked_absent)


def add_attendance(cohorts: CohortQuerySet) -> CohortQuerySet:
    """Annotate cohorts with the attendance of all their closed registers, in the same statement."""
    closed = Session.objects.announced().filter(cohort=OuterRef("pk"), register_closed_on__isnull=False)
    marked = Enrolment.objects.filter(
        session__cohort=OuterRef("pk"), session__state="announced", session__register_closed_on__isnull=False
    )

    def total(rows: models.QuerySet, number: Sum | Count) -> Coalesce:
        grouped = rows.order_by().values(one=Value(1)).annotate(n=number).values("n")
        return Coalesce(Subquery(grouped), 0)

    there, absent = (marked.filter(state=state) for state in ("there", "not_there"))
    totals: dict[str, Any] = {
        "came": total(closed, Sum("came")) + total(there, Count("pk")),
        "stayed_away": total(closed, Sum("not_there")) + total(absent, Count("pk")),
    }
    annotated: CohortQuerySet = cohorts.annotate(**totals)
    return annotated
