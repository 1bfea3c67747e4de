"""The register, on a phone in the room: one tap a person, two people at once."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from school.forms.people import WalkInForm
from school.models import Enrolment, Register, Session
from school.models.affected_shifts import find_affected_shifts
from school.models.find_or_create_person import find_or_create_person
from school.models.grant_changes import LostGrant
from school.models.progress import list_known_names
from school.person_lines import read_lines
from school.views.actions import run_action
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest

MAX_SHIFTS_NAMED = 5
MARKS = {"yes": True, "no": False, "unknown": None}


@require_safe
def show_register(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody expected, by name. It looks again by itself, since somebody else may be marking too."""
    if request.headers.get("HX-Target") == "rows":
        return render_register_page(request, pk, template="school/registers/page.html#rows")
    return render_register_page(request, pk)


@require_POST
def mark_person(request: SignedInRequest, pk: int, enrolment: int) -> HttpResponse:
    """There, not there, or not known yet."""
    session = _get_session(request, pk)
    row = get_object_or_404(Enrolment.objects.select_related("person", "session"), pk=enrolment, session=session)
    there, was = request.POST.get("there", ""), request.POST.get("was")
    if there not in MARKS:
        return render_register_page(request, pk, status=422, refusal=NotAllowed(_("Say if they are here.")))
    rows = "school/registers/page.html#rows"
    by_htmx = bool(request.htmx)  # type: ignore[attr-defined]
    try:
        marked = row.mark(MARKS[there], now=timezone.now(), was=was)
    except NotAllowed as refusal:
        # The one refusal that htmx shows in the page it has.
        if by_htmx:
            return render_register_page(request, pk, status=422, refusal=refusal, template=rows)
        return render_register_page(request, pk, status=409, refusal=refusal)
    warn_of_lost_grants(request, marked.lost)
    if by_htmx and not marked.lost:
        return render_register_page(request, pk, template=rows)
    if by_htmx:
        return HttpResponseClientRedirect(f"{_get_register_url(pk)}#row-{row.pk}")
    return redirect(f"{_get_register_url(pk)}#row-{row.pk}")


@require_POST
def add_walk_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody came without a place: add them, and they are there."""
    session = _get_session(request, pk)
    form = WalkInForm(request.POST)
    if not form.is_valid():
        return render_register_page(request, pk, status=422, walk_in_form=form)
    try:
        with transaction.atomic():
            session.lock()
            (line,) = read_lines(form.cleaned_data["name"])
            person, _new = find_or_create_person(line)
            Enrolment.objects.add_walk_in(session, person, now=timezone.now(), reason=form.reason)
    except NotAllowed as refusal:
        form.add_error(None, refusal.reasons)
        return render_register_page(request, pk, status=409, walk_in_form=form)
    messages.success(request, _("%(name)s is here.") % {"name": person})
    return redirect(_get_register_url(pk))


@require_POST
def mark_everybody(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody who is not marked yet is here."""
    session = _get_session(request, pk)
    return run_action(
        request,
        lambda: Register(session).mark_everybody(now=timezone.now()),
        success=lambda number: (
            ngettext("%(n)d person marked as here.", "%(n)d people marked as here.", number) % {"n": number}
        ),
        next_url=_get_register_url(pk),
        page=partial(render_register_page, request, pk),
    )


@require_POST
def close_register(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close the register, and go on to how it went."""
    session = _get_session(request, pk)
    return run_action(
        request,
        lambda: Register(session).close(now=timezone.now(), rest_not_there="rest" in request.POST),
        success=_("The register is closed. Now say how it went for each person."),
        next_url=reverse("school:outcomes", args=[pk]),
        page=partial(render_register_page, request, pk),
    )


@require_POST
def reopen_register(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open it again to put something right."""
    session = _get_session(request, pk)
    return run_action(
        request,
        Register(session).reopen,
        success=_("The register is open again."),
        next_url=_get_register_url(pk),
        page=partial(render_register_page, request, pk),
    )


def warn_of_lost_grants(request: SignedInRequest, lost: list[LostGrant]) -> None:
    """Warn the person who corrected an outcome of the grants and shifts it affects."""
    for grant in lost:
        about = {"name": grant.person, "what": grant.qualification}
        messages.warning(request, _("%(name)s no longer has “%(what)s”. A coordinator is told.") % about)
    for person in {grant.person.pk: grant.person for grant in lost}.values():
        if shifts := find_affected_shifts(person, timezone.now()):
            warning = _("They are on shifts that need it: %(which)s.")
            which = ", ".join(shift.signup.shift.when for shift in shifts[:MAX_SHIFTS_NAMED])
            messages.warning(request, warning % {"which": which})


def _list_hidden_errors(session: Session, form: WalkInForm | None, now: dt.datetime) -> list[str]:
    """List the errors of a form that is not on the page, because the register is not open."""
    return [str(problem) for problem in form.non_field_errors()] if form and not session.register_is_open(now) else []


def _get_session(request: SignedInRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.run_by(request.user), pk=pk)


def _get_register_url(pk: int) -> str:
    return reverse("school:register", args=[pk])


def render_register_page(  # noqa: PLR0913 -- what a page of forms needs
    request: SignedInRequest,
    pk: int,
    *,
    status: int = 200,
    refusal: NotAllowed | None = None,
    template: str = "school/registers/page.html",
    walk_in_form: WalkInForm | None = None,
) -> HttpResponse:
    """The register as it is now, with why something was refused."""
    now = timezone.now()
    session = get_object_or_404(Session.objects.run_by(request.user).with_modules(), pk=pk)
    rows = list(session.enrolments.expected())
    there, absent = (sum(row.state == state for row in rows) for state in ("there", "not_there"))
    unmarked = len(rows) - there - absent
    full = there + unmarked >= session.places
    shown: dict[str, Any] = {
        "session": session,
        "rows": rows,
        "there": there,
        "absent": absent,
        "unmarked": unmarked,
        "open": session.register_is_open(now) and not session.is_settled,
        "not_yet": not session.register_closed_on and not session.has_begun(now),
        "walk_in_form": walk_in_form or WalkInForm(),
        "room": [_("A chair is free"), _("There is space for one more"), _("They came with somebody")] if full else [],
        "known": list_known_names() if "#" not in template else [],
        "reasons": refusal.reasons if refusal else _list_hidden_errors(session, walk_in_form, now),
        "full": full,
        "count": ngettext("%(n)d person here", "%(n)d people here", there) % {"n": there},
    }
    return render(request, template, shown, status=status)
