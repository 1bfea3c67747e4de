"""Public pages of ideas: reading ideas and their answers, submitting one, and “me too”. All without a name."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.ideas.form_tokens import InvalidToken, derive_id, make_token, read_token
from hub.ideas.forms import IdeaFilter, SubmitIdeaForm
from hub.ideas.models import Idea, SeenTap, TooManyIdeas
from volunteers.shared.public_page import public_page

PAGE_SIZE = 20
HOUR = 3600
MAX_IDEAS_PER_HOUR = 60
MAX_TAPS_PER_HOUR = 600


def check_hourly_limit(action: str, maximum: int) -> None:
    """Count one action, and raise TooManyIdeas if there were more than `maximum` within the hour.

    One count for all senders and all processes: no client address is read or stored.
    """
    cache.add(f"ideas:{action}", 0, HOUR)
    with suppress(ValueError):  # it expired between the two lines
        if cache.incr(f"ideas:{action}") > maximum:
            raise TooManyIdeas


# Without a session another site has nothing to misuse, and Django's CSRF token would set a cookie on every reader.
# The page's own token is checked instead.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ideas(request: HttpRequest) -> HttpResponse:
    """Published ideas with their answers, and the form for a new one."""
    form = SubmitIdeaForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ideas_page(request, form)
    if not form.is_valid():
        return _ideas_page(request, form, status=422)
    try:
        check_hourly_limit("submitted", MAX_IDEAS_PER_HOUR)
        Idea.objects.submit(form.cleaned_data["words"], id=derive_id(form.number))
    except TooManyIdeas as refusal:
        form.add_error(None, str(refusal))
        return _ideas_page(request, form, status=429)
    return redirect("hub:ideas-thanks")


@login_not_required
@require_safe
@public_page
def thanks(request: HttpRequest) -> HttpResponse:
    """Thanks for an idea, without a link to it."""
    return render(request, "hub/ideas/thanks.html")


@login_not_required
@require_safe
@public_page
def counted(request: HttpRequest) -> HttpResponse:
    """Thanks for a “me too” from a browser without JavaScript."""
    return render(request, "hub/ideas/counted.html")


@csrf_exempt
@login_not_required
@require_POST
def me_too(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Count a “me too” for an open idea. A double tap counts once."""
    idea = get_object_or_404(Idea.objects.open(), pk=pk)
    try:
        number = read_token(str(request.POST.get("token", "")), at_any_age=True)
    except InvalidToken:
        return _ideas_page(
            request, SubmitIdeaForm(), notice=_("This page was open for a long time. Tap once more."), status=409
        )
    try:
        check_hourly_limit("tapped", MAX_TAPS_PER_HOUR)
    except TooManyIdeas:
        return _ideas_page(
            request, SubmitIdeaForm(), notice=_("Many people are tapping right now. Try again later."), status=429
        )
    SeenTap.objects.count_tap(idea, id=derive_id(number, idea.pk))
    if request.headers.get("HX-Request"):
        return render(request, "hub/ideas/_counted.html")
    return redirect("hub:ideas-counted")


def _ideas_page(request: HttpRequest, form: SubmitIdeaForm, *, notice: str = "", status: int = 200) -> HttpResponse:
    idea_filter = IdeaFilter(request.GET)
    person = request.user if request.user.is_authenticated else None
    ideas = idea_filter.filter_ideas()
    context = {
        "form": form,
        "filter": idea_filter,
        "page": Paginator(ideas, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": [state for state in Idea.State if state != Idea.State.AWAITING_MODERATION],
        "state": idea_filter.cleaned_data.get("state", ""),
        "words": idea_filter.cleaned_data.get("words", ""),
        "tap_token": make_token(),
        "notice": notice,
        "can_moderate": person is not None and Idea.can_moderate(person),
    }
    return render(request, "hub/ideas/list.html", context, status=status)
