"""The register, on a phone in the room: one tap a person, two people at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest

MAX_SHIFTS_NAMED = 5
MARKS = {"yes": True, "no": False, "unknown": None}


@require_safe
def register(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody expected, by name. It looks again by itself, since somebody else may be marking too."""
    if request.headers.get("HX-Target") == "rows":
        return register_page(request, pk, template="school/registers/page.html#rows")
    return register_page(request, pk)


@require_POST
def mark(request: SignedInRequest, pk: int, enrolment: int) -> HttpResponse:
    """There, not there, or not known yet."""
    session = _looked_after(request, pk)
    row = get_object_or_404(Enrolment.objects.select_related("person", "session"), pk=enrolment, session=session)
    there, was = request.POST.get("there", ""), request.POST.get("was")
    if there not in MARKS:
        return register_page(request, pk, status=422, refusal=NotAllowed(_("Say whether they are here.")))
    rows = "school/registers/page.html#rows"
    by_htmx = bool(request.htmx)  # type: ignore[attr-defined]
    try:
        marked = row.mark(MARKS[there], now=timezone.now(), was=was)
    except NotAllowed as refusal:
        # The one refusal that htmx shows in the page it has.
        if by_htmx:
            return register_page(request, pk, status=422, refusal=refusal, template=rows)
        return register_page(request, pk, status=409, refusal=refusal)
    say_what_fell_away(request, marked.lost)
    if by_htmx and not marked.lost:
        return register_page(request, pk, template=rows)
    if by_htmx:
        return HttpResponseClientRedirect(f"{_address(pk)}#row-{row.pk}")
    return redirect(f"{_address(pk)}#row-{row.pk}")


@require_POST
def walk_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody came without a place: add them, and they are there."""
    session = _looked_after(request, pk)
    form = WalkInForm(request.POST)
    if not form.is_valid():
        return register_page(request, pk, status=422, walk_in_form=form)
    try:
        with transaction.atomic():
            session.lock()
            (line,) = read_lines(form.cleaned_data["name"])
            person, _new = find_or_create_person(line)
            Enrolment.objects.add_walk_in(session, person, now=timezone.now())
    except NotAllowed as refusal:
        form.add_error(None, refusal.reasons)
        return register_page(request, pk, status=409, walk_in_form=form)
    messages.success(request, _("%(name)s is here.") % {"name": person})
    return redirect(_address(pk))


@require_POST
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close the register, and go on to how it went."""
    session = _looked_after(request, pk)
    try:
        Register(session).close(now=timezone.now(), rest_not_there="rest" in request.POST)
    except NotAllowed as refusal:
        return register_page(request, pk, status=409, refusal=refusal)
    messages.success(request, _("The register is closed. Now say how it went for each person."))
    return redirect("school:outcomes", pk)


@require_POST
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open it again to put something right."""
    session = _looked_after(request, pk)
    try:
        Register(session).reopen()
    except NotAllowed as refusal:
        return register_page(request, pk, status=409, refusal=refusal)
    messages.success(request, _("The register is open again."))
    return redirect(_address(pk))


def say_what_fell_away(request: SignedInRequest, lost: list[LostGrant]) -> None:
    """Tell whoever corrected something what it took away."""
    for one in lost:
        about = {"name": one.person, "what": one.qualification}
        messages.warning(request, _("%(name)s no longer holds “%(what)s”. A coordinator is told.") % about)
    for person in {one.person.pk: one.person for one in lost}.values():
        if shifts := find_affected_shifts(person, timezone.now()):
            said = _("They are signed up for what asks for it: %(which)s.")
            which = ", ".join(shift.signup.shift.when for shift in shifts[:MAX_SHIFTS_NAMED])
            messages.warning(request, said % {"which": which})


def _unseen(session: Session, form: WalkInForm | None, now: dt.datetime) -> list[str]:
    """What was wrong with a form that is not on the page, because the register is not open."""
    return [str(problem) for problem in form.non_field_errors()] if form and not session.register_is_open(now) else []


def _looked_after(request: SignedInRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.run_by(request.user), pk=pk)


def _address(pk: int) -> str:
    return redirect("school:register", pk).url


def register_page(  # noqa: PLR0913 -- what a page of forms needs
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
    shown: dict[str, Any] = {
        "session": session,
        "rows": rows,
        "there": there,
        "absent": absent,
        "unmarked": unmarked,
        "open": session.register_is_open(now) and not session.is_settled,
        "not_yet": not session.register_closed_on and not session.has_begun(now),
        "walk_in_form": walk_in_form or WalkInForm(),
        "known": list_known_names() if "#" not in template else [],
        "reasons": refusal.reasons if refusal else _unseen(session, walk_in_form, now),
        "full": there + unmarked >= session.places,
        "count": ngettext("%(n)d person here", "%(n)d people here", there) % {"n": there},
    }
    return render(request, template, shown, status=status)
