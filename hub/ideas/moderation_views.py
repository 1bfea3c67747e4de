"""Moderation of ideas: the queue, publishing, merging, answering, and taking one to the union meeting."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.ideas.forms import AnswerIdeaForm, MergeIdeaForm, PublishIdeaForm, RejectIdeasForm
from hub.ideas.models import MAX_AWAITING_MODERATION, Idea
from volunteers.shared.actions import run_or_refuse
from volunteers.shared.requests import SignedInRequest

PAGE_SIZE = 50  # a full queue is four pages
ANSWER = "hub.answer_idea"


def moderator_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 403 to everybody but moderators of ideas."""

    @wraps(view)
    def wrapped_view(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not Idea.can_moderate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped_view


@moderator_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The moderation queue."""
    page = Paginator(Idea.objects.awaiting_moderation(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "is_full": page.paginator.count >= MAX_AWAITING_MODERATION}
    return render(request, "hub/ideas/queue.html", context)


@moderator_required
@require_POST
def reject(request: HttpRequest) -> HttpResponse:
    """Delete the ticked ideas from the queue."""
    form = RejectIdeasForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tick the ones that you want to delete."))
        return redirect("hub:ideas-queue")
    deleted = Idea.objects.reject(form.cleaned_data["ideas"])
    messages.success(request, ngettext("%(n)d deleted.", "%(n)d deleted.", deleted) % {"n": deleted})
    return redirect("hub:ideas-queue")


@moderator_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One idea: correct its words and publish it."""
    idea = get_object_or_404(Idea, pk=pk)
    form = PublishIdeaForm(request.POST if request.method == "POST" else None, initial={"words": idea.words})
    if not form.is_valid():
        return _idea_page(request, idea, publish=form)
    verb = partial(idea.publish, form.cleaned_data["words"])
    success = _("Everybody can read it now.") if idea.is_awaiting_moderation else _("Saved.")
    return run_or_refuse(request, verb, success=success, then=redirect(_list_of(idea)))


@moderator_required
@require_POST
def merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Count the idea as “me too” of another one."""
    idea = get_object_or_404(Idea, pk=pk)
    form = MergeIdeaForm(request.POST, idea=idea)
    if not form.is_valid():
        return _idea_page(request, idea, merge=form)
    verb = partial(idea.merge_into, form.cleaned_data["other"])
    success = _("We counted it there as “me too”, and deleted it here.")
    return run_or_refuse(request, verb, success=success, then=redirect(_list_of(idea)))


@permission_required(ANSWER, raise_exception=True)
@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer the idea in public."""
    idea = get_object_or_404(Idea, pk=pk)
    form = _build_answer_form(idea, request.POST)
    if not form.is_valid():
        return _idea_page(request, idea, answer=form)
    verb = partial(idea.reply, **form.cleaned_data)
    return run_or_refuse(request, verb, success=_("Answered."), then=redirect("hub:ideas"))


@moderator_required
@require_POST
def unpublish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Return a published idea to the queue."""
    idea = get_object_or_404(Idea, pk=pk)
    success = _("It is hidden now. It is on the list of ideas to read.")
    return run_or_refuse(request, idea.unpublish, success=success, then=redirect("hub:ideas-queue"))


@moderator_required
@require_POST
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Delete the idea. One that is gone already counts as deleted."""
    idea = Idea.objects.filter(pk=pk).first()
    then = _list_of(idea) if idea else "hub:ideas-queue"
    if idea:
        idea.delete()
    messages.success(request, _("Deleted."))
    return redirect(then)


@moderator_required
@require_POST
def set_for_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put the idea on the list for the next union meeting, or take it off."""
    idea = get_object_or_404(Idea, pk=pk)
    for_meeting = bool(request.POST.get("take"))
    success = _("It is on the list for the meeting.") if for_meeting else _("It is no longer on the list.")
    verb = partial(idea.set_for_meeting, for_meeting=for_meeting)
    return run_or_refuse(request, verb, success=success, then=redirect("hub:ideas-meeting"))


def _list_of(idea: Idea) -> str:
    return "hub:ideas-queue" if idea.is_awaiting_moderation else "hub:ideas"


def _build_answer_form(idea: Idea, data: QueryDict | None = None) -> AnswerIdeaForm:
    return AnswerIdeaForm(data, initial={"state": idea.state, "answer": idea.answer})


def _idea_page(
    request: HttpRequest,
    idea: Idea,
    *,
    publish: PublishIdeaForm | None = None,
    merge: MergeIdeaForm | None = None,
    answer: AnswerIdeaForm | None = None,
) -> HttpResponse:
    submitted: list[forms.Form | None] = [publish, merge, answer]
    may_answer = request.user.has_perm(ANSWER) and not idea.is_awaiting_moderation
    context = {
        "idea": idea,
        "publish_form": publish or PublishIdeaForm(initial={"words": idea.words}),
        "merge_form": merge or MergeIdeaForm(idea=idea),
        "answer_form": (answer or _build_answer_form(idea)) if may_answer else None,
    }
    has_errors = any(form is not None and form.errors for form in submitted)
    return render(request, "hub/ideas/idea.html", context, status=422 if has_errors else 200)
