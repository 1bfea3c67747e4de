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
class OwnPlace:
    """A place of theirs, as it stands at this moment."""

    enrolment: Enrolment
    session: Session
    state: str
    ahead_of_them: int


@require_safe
def show_mine(request: SignedInRequest) -> HttpResponse:
    """Where I stand, and what I could do next, in one tap."""
    now, person = timezone.now(), request.user
    completions = list(person.completions.select_related("course", "module", "holding__qualification"))
    courses = list(Course.objects.taught().joined_by(person).with_modules())
    joined = load_progress(courses, [person], now=now, completions=completions)
    rosters = Enrolment.objects.load_rosters(list(Session.objects.relevant_to(person, now).with_modules()), now)
    return render(
        request,
        "school/mine/page.html",
        {
            "progress": joined,
            "places": [
                _make_place(roster, person)
                for roster in rosters
                if roster.session.mine and roster.session.ends_at > now
            ],
            "steps": _list_next_steps(joined, completions, rosters, now),
            "completions": completions,
            "gives": [roster.session for roster in rosters if roster.session.theirs],
            "can_propose": can_propose_session(person, completions),
            "today": timezone.localdate(now),
        },
    )


def _make_place(roster: SessionRoster, person: User) -> OwnPlace:
    row = roster.get_enrolment(person)
    if row is None:
        raise Http404
    return OwnPlace(row, roster.session, row.get_state_after(roster.moves), roster.count_ahead_of(row))


def _list_next_steps(
    progresses: list[Progress], completions: list[Completion], rosters: list[SessionRoster], now: dt.datetime
) -> list[NextStep]:
    """List each module that is missing or due for refresh, with the first session with room, else the first."""
    soon = timezone.localdate(now) + REFRESH_WITHIN
    wanted = [cell.module for progress in progresses for cell in progress.missing]
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
            session = first.session if first else None
            steps.append(NextStep(module, session, free=bool(first and first.moves.left)))
    return steps


@require_safe
def show_certificate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sheet that says what I have done, to print for myself. Nobody else's opens."""
    mine = request.user.completions.select_related("course", "module", "holding__qualification")
    completion = get_object_or_404(mine, pk=pk)
    outcomes = completion.rests_on.select_related("module").order_by("module__order")
    return render(request, "school/mine/certificate.html", {"completion": completion, "outcomes": outcomes})
