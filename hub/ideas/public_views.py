"""Ideas in public: what people said, what we say to it, and a box to say more. Nobody is asked who they are."""

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

from hub.ideas.form_tokens import NotOurs, id_from, new_token, read_token
from hub.ideas.forms import IdeaFilter, SayForm
from hub.ideas.models import Idea, SeenTap, TooManyWait
from volunteers.shared.public_page import public_page

A_PAGE = 20
HOUR = 3600
IDEAS_AN_HOUR = 60
TAPS_AN_HOUR = 600


def not_too_many(what: str, most: int) -> None:
    """Raise TooManyWait unless this is one of the first so many within an hour, whoever they come from.

    Counted for everybody together in this process's memory: no address is looked at, and none is kept.
    """
    cache.add(f"ideas:{what}", 0, HOUR)
    with suppress(ValueError):  # it ran out between the two lines
        if cache.incr(f"ideas:{what}") > most:
            raise TooManyWait


# Without a session there is nothing for another site to misuse, and a token of Django's would set a cookie on
# everybody who only reads. The page's own mark is asked for instead.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ideas(request: HttpRequest) -> HttpResponse:
    """What people said and what came of it; and a box to say more."""
    form = SayForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        not_too_many("said", IDEAS_AN_HOUR)
        Idea.objects.say(form.cleaned_data["words"], id=id_from(form.number))
    except TooManyWait as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=429)
    return redirect("hub:ideas-thanks")


@login_not_required
@require_safe
@public_page
def thanks(request: HttpRequest) -> HttpResponse:
    """It is said, and nothing here leads back to whoever said it."""
    return render(request, "hub/ideas/thanks.html")


@login_not_required
@require_safe
@public_page
def counted(request: HttpRequest) -> HttpResponse:
    """Somebody said “me too”, without a script."""
    return render(request, "hub/ideas/counted.html")


@csrf_exempt
@login_not_required
@require_POST
def me_too(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Somebody needs it too: one more, and nobody's. A double tap is one tap."""
    idea = get_object_or_404(Idea.objects.open(), pk=pk)
    try:
        number = read_token(str(request.POST.get("token", "")), at_once=True)
    except NotOurs:
        return _page(request, SayForm(), said=_("This page was open for a long time. Tap once more."), status=409)
    try:
        not_too_many("tapped", TAPS_AN_HOUR)
    except TooManyWait:
        return _page(request, SayForm(), said=_("Very many people are tapping right now. Try again later."), status=429)
    SeenTap.objects.tap(idea, id=id_from(number, idea.pk))
    if request.headers.get("HX-Request"):
        return render(request, "hub/ideas/_counted.html")
    return redirect("hub:ideas-counted")


def _page(request: HttpRequest, form: SayForm, *, said: str = "", status: int = 200) -> HttpResponse:
    asked = IdeaFilter(request.GET)
    person = request.user if request.user.is_authenticated else None
    found = asked.find()
    context = {
        "form": form,
        "filter": asked,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "states": [one for one in Idea.State if one != Idea.State.HELD],
        "state": asked.cleaned_data.get("state", ""),
        "words": asked.cleaned_data.get("words", ""),
        "tap_token": new_token(),
        "said": said,
        "looks": person is not None and Idea.may_look(person),
    }
    return render(request, "hub/ideas/list.html", context, status=status)
