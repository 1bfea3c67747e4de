"""Ideas for those who look at them: what came in, what everybody reads of it, the answer, and the union meeting."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.ideas.forms import LookForm, ReplyForm, SameForm, ThrowAwayForm
from hub.ideas.models import HELD_AT_MOST, Idea
from volunteers.shared.actions import run_or_refuse
from volunteers.shared.requests import SignedInRequest

A_PAGE = 50  # so that a flood is four pages
ANSWER = "hub.answer_idea"


def who_looks(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for people who did the School, and for those who answer."""

    @wraps(view)
    def looked_at(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not Idea.may_look(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return looked_at


@who_looks
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """What waits for a look."""
    return _held_page(request)


@who_looks
@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """Delete those that were ticked: a flood, or words that hurt somebody."""
    form = ThrowAwayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tick those that should go first."))
        return redirect("hub:ideas-held")
    gone = Idea.objects.throw_away(form.cleaned_data["ideas"])
    messages.success(request, ngettext("%(n)d deleted.", "%(n)d deleted.", gone) % {"n": gone})
    return redirect("hub:ideas-held")


@who_looks
@require_http_methods(["GET", "HEAD", "POST"])
def idea(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One idea: put its words right, and let everybody read it."""
    found = get_object_or_404(Idea, pk=pk)
    form = LookForm(request.POST if request.method == "POST" else None, initial={"words": found.words})
    if not form.is_valid():
        return _idea_page(request, found, look=form)
    was_held = found.state == Idea.State.HELD
    said = _("Everybody can read it now.") if was_held else _("Saved.")
    return _do(request, lambda: found.show(form.cleaned_data["words"]), said, back=_next(held=was_held))


@who_looks
@require_POST
def same(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It is the same as another: count it there."""
    found = get_object_or_404(Idea, pk=pk)
    form = SameForm(request.POST, but=found)
    if not form.is_valid():
        return _idea_page(request, found, same=form)
    was_held = found.state == Idea.State.HELD
    return _do(
        request,
        lambda: found.same_as(form.cleaned_data["other"]),
        _("Counted there as “me too”, and gone from here."),
        back=_next(held=was_held),
    )


@permission_required(ANSWER, raise_exception=True)
@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say in public what comes of it."""
    found = get_object_or_404(Idea, pk=pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _idea_page(request, found, reply=form)
    asked = form.cleaned_data
    return _do(request, lambda: found.reply(asked["state"], asked["answer"]), _("Answered."), back="hub:ideas")


@who_looks
@require_POST
def hold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it off the page again."""
    found = get_object_or_404(Idea, pk=pk)
    return _do(request, found.hold_again, _("Nobody outside sees it now. It waits for a look."))


@who_looks
@require_POST
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It should not have been written, or not be read. Deleted already is the same."""
    found = Idea.objects.filter(pk=pk).first()
    was_held = found is None or found.state == Idea.State.HELD
    if found is not None:
        found.delete()
    messages.success(request, _("Deleted."))
    return redirect(_next(held=was_held))


@who_looks
@require_POST
def to_the_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put it on the list for the next union meeting, or off it."""
    found = get_object_or_404(Idea, pk=pk)
    take = bool(request.POST.get("take"))
    said = _("It is on the list for the meeting.") if take else _("It is off the list.")
    return _do(request, lambda: found.take_to_meeting(take=take), said, back="hub:ideas-meeting")


@who_looks
@require_safe
def meeting(request: HttpRequest) -> HttpResponse:
    """What goes to the next union meeting, to print, with room to write."""
    return render(request, "hub/ideas/meeting.html", {"ideas": Idea.objects.for_the_meeting()})


@who_looks
@require_POST
def clear_the_meeting(request: HttpRequest) -> HttpResponse:
    """The meeting was held: begin a new list. The ideas themselves stay."""
    Idea.objects.clear_the_meeting()
    messages.success(request, _("The list is empty. The ideas themselves are all still there."))
    return redirect("hub:ideas-meeting")


def _next(*, held: bool) -> str:
    return "hub:ideas-held" if held else "hub:ideas"


def _do(request: HttpRequest, verb: Callable[[], None], said: str, *, back: str = "hub:ideas-held") -> HttpResponse:
    return run_or_refuse(request, verb, success=said, then=redirect(back))


def _held_page(request: HttpRequest) -> HttpResponse:
    page = Paginator(Idea.objects.held(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "hub/ideas/held.html", {"page": page, "full": page.paginator.count >= HELD_AT_MOST})


def _idea_page(
    request: HttpRequest,
    found: Idea,
    *,
    look: LookForm | None = None,
    same: SameForm | None = None,
    reply: ReplyForm | None = None,
) -> HttpResponse:
    forms_sent: list[forms.Form | None] = [look, same, reply]
    answers = request.user.has_perm(ANSWER) and found.state != Idea.State.HELD
    context = {
        "idea": found,
        "look": look or LookForm(initial={"words": found.words}),
        "same": same or SameForm(but=found),
        "reply": (reply or ReplyForm(initial={"state": found.state, "answer": found.answer})) if answers else None,
    }
    wrong = any(form is not None and form.errors for form in forms_sent)
    return render(request, "hub/ideas/idea.html", context, status=422 if wrong else 200)
