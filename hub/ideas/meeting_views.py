"""The union meeting: its agenda on screen and on paper, what was decided, and publishing that afterwards."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hub.ideas.agenda import AgendaPoint
from hub.ideas.forms import AddPointForm, AnswerIdeaForm, DecidePointForm
from hub.ideas.models import Idea
from hub.ideas.moderation_views import ANSWER, moderator_required
from volunteers.models import Shift
from volunteers.shared.actions import run_or_refuse
from volunteers.shared.requests import SignedInRequest


@moderator_required
@require_safe
def show_agenda(request: SignedInRequest) -> HttpResponse:
    """The agenda: ideas taken to the meeting, points of our own, open tasks and what needs somebody."""
    return _agenda_page(request)


@moderator_required
@require_POST
def add_point(request: SignedInRequest) -> HttpResponse:
    """Put a point of our own on the agenda."""
    form = AddPointForm(request.POST)
    if not form.is_valid():
        return _agenda_page(request, add=form)
    verb = partial(AgendaPoint.objects.add, form.cleaned_data["words"], id=form.cleaned_data["key"])
    return run_or_refuse(request, verb, success=_("It is on the agenda."), then=redirect("hub:ideas-meeting"))


@moderator_required
@require_POST
def decide_point(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Note what came out of a point."""
    point = get_object_or_404(AgendaPoint, pk=pk)
    form = DecidePointForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _agenda_page(request, decide={point.pk: form})
    verb = partial(point.decide, form.cleaned_data["state"], form.cleaned_data["decision"])
    return run_or_refuse(request, verb, success=_("Noted."), then=_back_to(pk))


@moderator_required
@require_POST
def remove_point(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a point off the agenda. One that is gone already counts as taken off."""
    AgendaPoint.objects.filter(pk=pk).delete()
    messages.success(request, _("It is no longer on the agenda."))
    return redirect("hub:ideas-meeting")


@moderator_required
@require_POST
def decide_idea(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Note what the meeting decided about an idea. Nobody outside sees it yet."""
    idea = get_object_or_404(Idea.objects.on_meeting_list(), pk=pk)
    form = AnswerIdeaForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _agenda_page(request, decide={idea.pk: form})
    verb = partial(idea.decide, form.cleaned_data["state"], form.cleaned_data["answer"])
    return run_or_refuse(request, verb, success=_("Noted. Nobody outside sees it yet."), then=_back_to(pk))


@moderator_required
@require_POST
def close_meeting(request: SignedInRequest) -> HttpResponse:
    """After the meeting: publish what was decided about ideas, and keep only what is still to be done.

    Who may not answer ideas clears the rest of the agenda; the decisions wait for somebody who may.
    """
    answered = Idea.objects.close_meeting() if request.user.has_perm(ANSWER) else 0
    tasks = AgendaPoint.objects.close_meeting()
    told = ngettext(
        "%(n)d answer is public now, under “You said, we did”.",
        "%(n)d answers are public now, under “You said, we did”.",
        answered,
    )
    kept = ngettext("%(n)d task stays on the agenda.", "%(n)d tasks stay on the agenda.", tasks)
    messages.success(request, f"{told % {'n': answered}} {kept % {'n': tasks}}")
    return redirect("hub:ideas-meeting")


def _back_to(pk: uuid.UUID) -> HttpResponse:
    there = redirect("hub:ideas-meeting")
    there["Location"] += f"#point-{pk}"
    return there


def _agenda_page(
    request: SignedInRequest, *, add: AddPointForm | None = None, decide: dict[uuid.UUID, Any] | None = None
) -> HttpResponse:
    asked = decide or {}
    ideas = [
        (
            idea,
            asked.get(idea.pk)
            or AnswerIdeaForm(
                prefix=str(idea.pk),
                initial={"state": idea.decided_state or idea.state, "answer": idea.decision or idea.answer},
            ),
        )
        for idea in Idea.objects.on_meeting_list()
    ]
    points = [
        (
            point,
            asked.get(point.pk)
            or DecidePointForm(prefix=str(point.pk), initial={"state": point.state, "decision": point.decision}),
        )
        for point in AgendaPoint.objects.all()
    ]
    plans = request.user.has_perm("volunteers.plan_rota")
    to_do = AgendaPoint.State.TO_DO
    context = {
        "ideas": ideas,
        "points": [(point, form) for point, form in points if point.state != to_do],
        "tasks": [(point, form) for point, form in points if point.state == to_do],
        "gaps": Shift.objects.all().at_a_glance(request.user, timezone.now())[1] if plans else 0,
        "decided": sum(bool(idea.decided_state) for idea, _form in ideas),
        "add_form": add or AddPointForm(initial={"key": uuid.uuid4()}),
        "may_publish": request.user.has_perm(ANSWER),
    }
    return render(request, "hub/ideas/meeting.html", context, status=422 if add or decide else 200)
