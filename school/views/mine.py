"""Everybody's own page at the School: where they stand, their next session, and what they have done, to print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from school.models import Completion, Course, Enrolment, Module, Session
from school.models.enrolment_queryset import SessionRoster
from school.models.progress import Progress, load_progress
from school.models.proposals import can_propose_session
from volunteers.models import User
from volunteers.shared.requests import SignedInRequest

REFRESH_WITHIN = dt.timedelta(days=90)


@dataclass(frozen=True)
class NextStep:
    """A module still to do, and the first session they could take it in, with a free place if there is one."""

    module: Module
    session: Session | None
    free: bool


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
    now, person = timezone.now(), request.user
    completions = list(person.completions.select_related("course", "module", "holding__qualification"))
    courses = list(Course.objects.taught().with_modules())
    joined = load_progress(courses, [person], now=now, completions=completions)
    rosters = Enrolment.objects.load_rosters(list(Session.objects.relevant_to(person, now).with_modules()), now)
    return render(
        request,
        "school/mine/page.html",
        {
            "progress": joined,
            "places": [
                _mine(roster, person) for roster in rosters if roster.session.mine and roster.session.ends_at > now
            ],
            "steps": _steps(joined, completions, rosters, now),
            "completions": completions,
            "gives": [roster.session for roster in rosters if roster.session.theirs],
            "may_offer": can_propose_session(person, completions),
            "today": timezone.localdate(now),
        },
    )


def _mine(roster: SessionRoster, person: User) -> Mine:
    row = roster.of(person)
    if row is None:
        raise Http404
    return Mine(row, roster.session, row.get_state_after(roster.moves), roster.before(row))


def _steps(
    joined: list[Progress], completions: list[Completion], rosters: list[SessionRoster], now: dt.datetime
) -> list[NextStep]:
    """For each piece that is missing, or has to be refreshed soon, the first session with room, else the first."""
    soon = timezone.localdate(now) + REFRESH_WITHIN
    wanted = [cell.module for one in joined for cell in one.missing]
    wanted += [
        completion.module
        for completion in completions
        if completion.module and completion.holding and completion.holding.until and completion.holding.until <= soon
    ]
    steps = []
    for module in dict.fromkeys(wanted):
        ahead = [roster for roster in rosters if module in roster.session.topics and not roster.session.has_begun(now)]
        if not any(roster.session.mine for roster in ahead):
            open_ = [roster for roster in ahead if roster.session.state == Session.State.ANNOUNCED]
            first = min(open_, key=lambda roster: (not roster.moves.left, roster.session.starts_at), default=None)
            found = first.session if first else None
            steps.append(NextStep(module, found, free=bool(first and first.moves.left)))
    return steps


@require_safe
def certificate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sheet that says what I have done, to print for myself. Nobody else's opens."""
    mine = request.user.completions.select_related("course", "module", "holding__qualification")
    completion = get_object_or_404(mine, pk=pk)
    outcomes = completion.rests_on.select_related("module").order_by("module__order")
    return render(request, "school/mine/certificate.html", {"completion": completion, "outcomes": outcomes})
