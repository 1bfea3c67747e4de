"""Putting people on a session: one, or many at once; and their places there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from school.forms.people import LinesForm, PersonLineForm
from school.models import Enrolment, Session
from school.models.find_or_create_person import find_or_create_person
from school.person_lines import PersonLine, read_lines
from school.views.actions import run_action
from school.views.manage import run_school_required
from school.views.sessions import render_session_page
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest

ANSWERS = "school_answers"


@dataclass(frozen=True)
class LineAnswer:
    """The result of one line."""

    line: PersonLine
    good: bool
    words: str


def enrol_line(session: Session, line: PersonLine) -> LineAnswer:
    """Enrol the person this line names, all of it or nothing. Returns the result."""
    try:
        with transaction.atomic():
            session.lock()
            person, new = find_or_create_person(line)
            enrolment = Enrolment.objects.take_place(session, person, now=timezone.now(), by_trainer=True)
    except NotAllowed as refusal:
        return LineAnswer(line, good=False, words=" ".join(refusal.reasons))
    about = {"name": person, "state": enrolment.get_state_display()}
    words = _("%(name)s: %(state)s. New here.") if new else _("%(name)s: %(state)s. Known here already.")
    return LineAnswer(line, good=True, words=words % about)


@run_school_required
@require_POST
def enrol_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put one person on, by name."""
    session = get_object_or_404(Session, pk=pk)
    form = PersonLineForm(request.POST)
    if not form.is_valid():
        return render_session_page(request, pk, status=422, person_form=form)
    answer = enrol_line(session, form.cleaned_data["line"])
    if not answer.good:
        form.add_error(None, answer.words)
        return render_session_page(request, pk, status=409, person_form=form)
    messages.success(request, answer.words)
    return redirect("school:session-manage", pk)


@run_school_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_several(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put many on at once. The good lines are kept; the others stay in the box, each with why."""
    session = get_object_or_404(Session.objects.with_modules(), pk=pk)
    form = LinesForm(request.POST or None)
    if form.is_valid():
        answers = [enrol_line(session, line) for line in read_lines(form.cleaned_data["lines"])]
        return redirect_with_answers(request, answers, "school:enrol-several", pk)
    shown = {"session": session, "form": form} | pop_answers(request)
    if shown["answers"] and not form.is_bound:
        shown["form"] = LinesForm(initial={"lines": shown["wrong"]})
    return render(request, "school/enrolments/several.html", shown, status=422 if form.is_bound else 200)


def redirect_with_answers(request: SignedInRequest, answers: list[LineAnswer], page: str, *args: int) -> HttpResponse:
    """Keep the results in the session and redirect, so that loading the page again does nothing twice."""
    request.session[ANSWERS] = [[answer.line.number, answer.line.text, answer.good, answer.words] for answer in answers]
    return redirect(page, *args)


def pop_answers(request: SignedInRequest) -> dict[str, Any]:
    """Take the results of the lines sent a moment ago out of the session, and the wrong lines to put right."""
    answers = request.session.pop(ANSWERS, [])
    return {
        "answers": answers,
        "good": sum(good for _number, _text, good, _words in answers),
        "wrong": "\n".join(text for _number, text, good, _words in answers if not good),
    }


@run_school_required
@require_POST
def withdraw_person(request: SignedInRequest, pk: int, enrolment: int) -> HttpResponse:
    """Take somebody off; their place goes to the next."""
    row = get_object_or_404(Enrolment.objects.select_related("person"), pk=enrolment, session=pk)
    return _run_for_session(
        request, pk, lambda: row.withdraw(now=timezone.now()), _("%(name)s is no longer on it.") % {"name": row.person}
    )


@run_school_required
@require_POST
def accept_offer(request: SignedInRequest, pk: int, enrolment: int) -> HttpResponse:
    """Somebody said yes to the place that is held for them."""
    row = get_object_or_404(Enrolment.objects.select_related("person", "session"), pk=enrolment, session=pk)
    return _run_for_session(
        request,
        pk,
        lambda: Enrolment.objects.take_place(row.session, row.person, now=timezone.now(), by_trainer=True),
        lambda taken: _("%(name)s: %(state)s.") % {"name": row.person, "state": taken.get_state_display()},
    )


@run_school_required
@require_POST
def put_first(request: SignedInRequest, pk: int, enrolment: int) -> HttpResponse:
    """Put somebody first on the waiting list, with the reason."""
    row = get_object_or_404(Enrolment.objects.select_related("person"), pk=enrolment, session=pk)
    reason = request.POST.get("reason", "").replace("\x00", "")
    return _run_for_session(
        request, pk, lambda: row.put_first(reason, now=timezone.now()), _("%(name)s is next.") % {"name": row.person}
    )


def _run_for_session(
    request: SignedInRequest, pk: int, action: Callable[[], Any], success: str | Callable[[Any], str]
) -> HttpResponse:
    page, next_url = partial(render_session_page, request, pk), reverse("school:session-manage", args=[pk])
    return run_action(request, action, success=success, next_url=next_url, page=page)
