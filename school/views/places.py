"""A session as the people in it read it, and taking a place or giving it back in one tap."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school.models import Enrolment, Session
from school.views.actions import run_action
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@require_safe
def show_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """When and what it is; for people with a place also where, and what it is taught with."""
    return render_session_page(request, pk)


@require_POST
def take_place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a place, or the turn that has come; else wait for one."""
    readable = _get_readable(request, pk)

    def describe_place(enrolment: Enrolment) -> str:
        if enrolment.state == Enrolment.State.ENROLLED:
            return _("You have a place.")
        return _("You are on the waiting list. We write when it is your turn.")

    return run_action(
        request,
        lambda: Enrolment.objects.take_place(readable, request.user, now=timezone.now()),
        success=describe_place,
        next_url=readable.get_absolute_url(),
        page=partial(render_session_page, request, pk),
    )


@require_POST
def leave_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the place back, or leave the waiting list. Nobody asks why."""
    readable = _get_readable(request, pk)

    def withdraw() -> None:
        for enrolment in readable.enrolments.filter(person=request.user):
            enrolment.withdraw(now=timezone.now())

    return run_action(
        request,
        withdraw,
        success=_("Done. You are no longer on it."),
        next_url=readable.get_absolute_url(),
        page=partial(render_session_page, request, pk),
    )


def _get_readable(request: SignedInRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user), pk=pk)


def render_session_page(
    request: SignedInRequest, pk: int, *, status: int = 200, refusal: NotAllowed | None = None
) -> HttpResponse:
    """One session for one person: their place in it, and nobody else's."""
    now = timezone.now()
    readable = Session.objects.visible_to(request.user).with_modules().with_counts()
    session = get_object_or_404(readable, pk=pk)
    enrolment = session.enrolments.filter(person=request.user).first()
    moves = Enrolment.objects.plan_moves(session, now)
    state = enrolment.get_state_after(moves) if enrolment else ""
    has_place = state in {"enrolled", "offered", "there"}
    gives = Session.objects.run_by(request.user).filter(pk=pk).exists()
    return render(
        request,
        "school/places/session.html",
        {
            "session": session,
            "enrolment": enrolment,
            "state": state,
            "left": moves.left,
            "has_place": has_place,
            "gives": gives,
            "materials": session.list_materials() if has_place or gives else [],
            "begun": session.has_begun(now),
            "over": session.ends_at <= now,
            "takes_feedback": session.takes_feedback(now) and state == "there",
            "reasons": refusal.reasons if refusal else [],
        },
        status=status,
    )
