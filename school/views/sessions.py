"""Session pages for organisers: planning, announcing, changing, calling off, and the sheet for the wall."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school.forms.people import PersonLineForm
from school.forms.sessions import CallOffForm, SessionForm, SessionSearch
from school.models import Enrolment, Proposal, Session
from school.models.facilitator_changes import set_facilitators
from school.models.progress import list_known_names
from school.models.sessions import ACCESS_LABELS
from school.views.actions import run_action, run_for_form
from school.views.manage import run_school_required
from volunteers.models import LetterKind
from volunteers.shared.name_queries import alphabetical_key
from volunteers.shared.qr import qr_code
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.telling import say_all_told

PAGE_SIZE = 30
COPIED = ("title", "cohort", "place", "link", "places", "public", "hold_hours", *ACCESS_LABELS, "access_notes")


@run_school_required
@require_safe
def list_sessions(request: SignedInRequest) -> HttpResponse:
    """Sessions ahead, or those that are over, the nearest first."""
    form = SessionSearch(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    now = timezone.now()
    over = asked.get("when") == "over"
    sessions = Session.objects.over(now) if over else Session.objects.ahead(now)
    sessions = sessions.named(str(asked.get("words", "")))
    page = Paginator(sessions.with_modules().with_counts(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "school/sessions/list.html", {"form": form, "page": page, "over": over, "asked": asked})


@run_school_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_session(request: SignedInRequest) -> HttpResponse:
    """Plan a session; `?like=` begins with another, a week later, and `?proposal=` with what somebody offered."""
    form = SessionForm(request.POST or None, instance=_make_session(request), initial=_get_initial(request))
    if not form.is_valid():
        return render(request, "school/sessions/form.html", {"form": form}, status=422 if form.is_bound else 200)
    weeks = form.cleaned_data["weeks"] or 0
    with transaction.atomic():
        for later in range(weeks, -1, -1):
            session = _plan_session(form, later)
        if (number := request.GET.get("proposal", "")).isdecimal() and len(number) < 10:  # noqa: PLR2004 -- an id
            Proposal.objects.filter(pk=number, state="picked_up").update(session=session)
    planned = ngettext("Planned", "%(n)d sessions planned", weeks + 1) % {"n": weeks + 1}
    messages.success(request, _("%(planned)s. Announce it when people may know about it.") % {"planned": planned})
    return redirect("school:session-manage", session.pk)


def _plan_session(form: SessionForm, weeks: int) -> Session:
    """Make the session of a form, so many weeks later by the clock on the wall."""
    session: Session = form.save(commit=False)
    zone, later = timezone.get_default_timezone(), dt.timedelta(weeks=weeks)
    session.starts_at, session.ends_at = (
        (moment.astimezone(zone).replace(tzinfo=None) + later).replace(tzinfo=zone)
        for moment in (form.cleaned_data["starts_at"], form.cleaned_data["ends_at"])
    )
    session.pk, session.state, session.feedback_key = None, Session.State.PLANNED, uuid.uuid4()
    session.save()
    session.set_modules(list(form.cleaned_data["teaches"]))
    set_facilitators(session, form.cleaned_data["gives"])
    return session


def _get_copied_session(request: SignedInRequest) -> Session | None:
    number = request.GET.get("like", "")
    return Session.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004


def _make_session(request: SignedInRequest) -> Session:
    other = _get_copied_session(request)
    if other is None:
        return Session()
    week = dt.timedelta(weeks=1)
    copied: dict[str, Any] = {name: getattr(other, name) for name in COPIED}
    return Session(starts_at=other.starts_at + week, ends_at=other.ends_at + week, **copied)


def _get_initial(request: SignedInRequest) -> dict[str, Any]:
    if other := _get_copied_session(request):
        return {"teaches": other.modules.all(), "gives": other.facilitators.all()}
    number = request.GET.get("proposal", "")
    if number.isdecimal() and len(number) < 10 and (proposal := Proposal.objects.filter(pk=number).first()):  # noqa: PLR2004
        return {"title": proposal.title, "gives": [proposal.person_id, request.user.pk]}
    return {}


@require_safe
def show_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """One session: who is on it, who waits, and all that can be done about it."""
    return render_session_page(request, pk)


@run_school_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a session. Its people are told when its time or place moved."""
    session = get_object_or_404(Session, pk=pk)
    form = SessionForm(request.POST or None, instance=Session.objects.get(pk=pk))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        teaches, gives = list(form.cleaned_data["teaches"]), list(form.cleaned_data["gives"])
        fields = form.fields_of_session()
        if run_for_form(form, lambda: session.change(now=timezone.now(), teaches=teaches, gives=gives, **fields)):
            messages.success(request, _("Saved."))
            return redirect("school:session-manage", pk)
        status = 409
    return render(request, "school/sessions/form.html", {"form": form, "session": session}, status=status)


@run_school_required
@require_POST
def announce_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """From now on people can take places."""
    session = get_object_or_404(Session, pk=pk)
    return run_action(
        request,
        session.announce,
        success=_("Announced. People can take places."),
        next_url=reverse("school:session-manage", args=[pk]),
        page=partial(render_session_page, request, pk),
    )


@run_school_required
@require_POST
def cancel_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel it, with a sentence for the people in it."""
    session = get_object_or_404(Session, pk=pk)
    form = CallOffForm(request.POST)
    if not form.is_valid():
        return render_session_page(request, pk, status=422, off_form=form)
    return run_action(
        request,
        lambda: session.call_off(form.cleaned_data["because"], now=timezone.now()),
        success=lambda people: say_all_told(_("Called off."), people, LetterKind.SCHOOL),
        next_url=reverse("school:session-manage", args=[pk]),
        page=partial(render_session_page, request, pk, off_form=form),
    )


@run_school_required
@require_safe
def show_poster(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sheet for the wall, with a square to point a phone at; and one for the room, to say how it was."""
    session = get_object_or_404(Session.objects.with_modules(), pk=pk)
    home = str(settings.SITE_URL).rstrip("/")
    join = home + reverse("school:join") + f"?session={session.pk}"
    feedback = home + reverse("school:feedback", args=[session.feedback_key])
    shown = {"session": session, "join": join, "feedback": feedback}
    return render(
        request,
        "school/sessions/poster.html",
        shown | {"join_square": qr_code(join), "feedback_square": qr_code(feedback)},
    )


def render_session_page(
    request: SignedInRequest, pk: int, *, status: int = 200, refusal: NotAllowed | None = None, **forms: Any
) -> HttpResponse:
    """The page of one session for its organisers, with the reasons of a refusal."""
    now = timezone.now()
    looked_after = Session.objects.run_by(request.user).with_modules().with_counts()
    session = get_object_or_404(looked_after.prefetch_related("facilitators"), pk=pk)
    moves = Enrolment.objects.plan_moves(session, now)
    rows = list(session.enrolments.select_related("person__invitation").order_by("line"))
    for row in rows:
        row.state = row.get_state_after(moves)
    runs = request.user.has_perm("school.run_school")
    context = {
        "session": session,
        "placed": sorted(
            (row for row in rows if row.state in {"enrolled", "there", "not_there"}),
            key=lambda row: alphabetical_key(row.person.chosen_name),
        ),
        "held": [row for row in rows if row.state == "offered"],
        "line": [row for row in rows if row.state == "waiting"],
        "left": moves.left,
        "runs": runs,
        "begun": session.has_begun(now),
        "over": session.ends_at <= now,
        "register_is_open": session.register_is_open(now),
        "person_form": PersonLineForm(),
        "off_form": CallOffForm(),
        "known": list_known_names() if runs and not session.has_begun(now) else [],
        "materials": session.list_materials(),
        "reasons": refusal.reasons if refusal else [],
    }
    return render(request, "school/sessions/detail.html", context | forms, status=status)
