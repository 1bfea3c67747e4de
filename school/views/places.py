"""A session as the people in it read it, and taking a place or giving it back in one tap."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school.models import Enrolment, Session
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@require_safe
def session(request: SignedInRequest, pk: int) -> HttpResponse:
    """When and what it is; for people with a place also where, and what it is taught with."""
    return session_page(request, pk)


@require_POST
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a place, or the turn that has come; else wait for one."""
    try:
        enrolment = Enrolment.objects.take_place(_readable(request, pk), request.user, now=timezone.now())
    except NotAllowed as refusal:
        return session_page(request, pk, status=409, refusal=refusal)
    if enrolment.state == Enrolment.State.ENROLLED:
        messages.success(request, _("You have a place."))
    else:
        messages.success(request, _("You are on the waiting list; we write when it is your turn."))
    return redirect("school:session", pk)


@require_POST
def leave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the place back, or leave the waiting list. Nobody asks why."""
    readable = _readable(request, pk)
    try:
        for enrolment in readable.enrolments.filter(person=request.user):
            enrolment.withdraw(now=timezone.now())
    except NotAllowed as refusal:
        return session_page(request, pk, status=409, refusal=refusal)
    messages.success(request, _("Done. You are not on it any more."))
    return redirect("school:session", pk)


def _readable(request: SignedInRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user), pk=pk)


def session_page(
    request: SignedInRequest, pk: int, *, status: int = 200, refusal: NotAllowed | None = None
) -> HttpResponse:
    """One session for one person: their place in it, and nobody else's."""
    now = timezone.now()
    readable = Session.objects.visible_to(request.user).with_modules().with_counts()
    one = get_object_or_404(readable, pk=pk)
    enrolment = one.enrolments.filter(person=request.user).first()
    moves = Enrolment.objects.plan_moves(one, now)
    state = enrolment.get_state_after(moves) if enrolment else ""
    has_place = state in {"enrolled", "offered", "there"}
    gives = Session.objects.run_by(request.user).filter(pk=pk).exists()
    return render(
        request,
        "school/places/session.html",
        {
            "session": one,
            "enrolment": enrolment,
            "state": state,
            "left": moves.left,
            "has_place": has_place,
            "gives": gives,
            "materials": one.materials() if has_place or gives else [],
            "begun": one.has_begun(now),
            "over": one.ends_at <= now,
            "takes_feedback": one.takes_feedback(now) and state == "there",
            "reasons": refusal.reasons if refusal else [],
        },
        status=status,
    )
