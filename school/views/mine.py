"""Everybody's own page at the School: where they stand, their next session, and what they have done, to print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from school.models import Completion, Course, Enrolment, Module, Session
from school.models.progress import Progress, progress
from school.models.proposals import did_the_school
from volunteers.requests import SignedInRequest

REFRESH_WITHIN = dt.timedelta(days=90)


@dataclass(frozen=True)
class NextStep:
    """A module still to do, and the first session they could take it in."""

    module: Module
    session: Session | None
    free: int
    waiting: int


@dataclass(frozen=True)
class Mine:
    """A place of theirs, as it stands at this moment."""

    enrolment: Enrolment
    session: Session
    state: str
    ahead_of_them: int


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """Where I stand, and what I could do next, in one tap."""
    now = timezone.now()
    person = request.user
    courses = list(Course.objects.taught().with_modules())
    joined = [one for course in courses for one in progress(course, [person], now=now)]
    sessions = list(Session.objects.announced().ahead(now).visible_to(person).with_modules().with_counts())
    places = places_of(request, now)
    completions = list(person.completions.select_related("course", "module", "holding__qualification"))
    return render(
        request,
        "school/mine/page.html",
        {
            "progress": joined,
            "places": places,
            "steps": _steps(joined, completions, sessions, {one.session.pk for one in places}, now),
            "completions": completions,
            "gives": Session.objects.filter(facilitators=person, settled_on=None).with_modules().order_by("starts_at"),
            "may_offer": did_the_school(person),
            "today": timezone.localdate(now),
        },
    )


def places_of(request: SignedInRequest, now: dt.datetime) -> list[Mine]:
    """Their places and turns in sessions that are not over, whatever the timetable has done."""
    enrolments = list(Enrolment.objects.live().filter(person=request.user, session__ends_at__gt=now))
    sessions = {session.pk: session for session in Session.objects.filter(enrolments__in=enrolments).with_modules()}
    moves = Enrolment.objects.moves_of(list(sessions.values()), now)
    line = Enrolment.objects.filter(session__in=sessions, state="waiting", passed=False).values_list("session", "line")
    waiting = list(line)
    found = [
        Mine(
            enrolment,
            sessions[enrolment.session_id],
            enrolment.seen(moves[enrolment.session_id]),
            sum(session == enrolment.session_id and at < enrolment.line for session, at in waiting),
        )
        for enrolment in enrolments
    ]
    return sorted(found, key=lambda one: (one.session.starts_at, one.session.pk))


def _steps(
    joined: list[Progress],
    completions: list[Completion],
    sessions: list[Session],
    taken: set[int],
    now: dt.datetime,
) -> list[NextStep]:
    """For each piece that is missing, or has to be refreshed soon, the first session that has it."""
    soon = timezone.localdate(now) + REFRESH_WITHIN
    wanted = [cell.module for one in joined for cell in one.missing]
    wanted += [
        completion.module
        for completion in completions
        if completion.module and completion.holding and completion.holding.until and completion.holding.until <= soon
    ]
    steps = []
    for module in dict.fromkeys(wanted):
        fitting = [session for session in sessions if module in session.topics]
        if any(session.pk in taken for session in fitting):
            continue
        first = min(fitting, key=lambda session: (session.waiting >= session.free, session.starts_at), default=None)
        steps.append(
            NextStep(module, first, max(0, first.free - first.waiting) if first else 0, first.waiting if first else 0)
        )
    return steps


@require_safe
def certificate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sheet that says what I have done, to print for myself. Nobody else's opens."""
    mine = request.user.completions.select_related("course", "module", "holding__qualification")
    completion = get_object_or_404(mine, pk=pk)
    outcomes = completion.rests_on.select_related("module").order_by("module__order")
    return render(request, "school/mine/certificate.html", {"completion": completion, "outcomes": outcomes})
