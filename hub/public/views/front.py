"""The front door: what anybody sees first, and what there is behind it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from hub.core.periods import evening
from hub.desk.models.public_stock import PublicStock, PublicStockCategory
from hub.directory.default_emergency_cards import WORDS_FOR_999
from hub.directory.models.alerts import Alert
from hub.languages.hub_of_request import hub_as_written, hub_of
from hub.languages.models.translations import Translation
from hub.public import offline_copy
from hub.public.models.notices import Notice
from hub.public.models.texts import Text
from hub.public.opening_times import Doors, joined, on_now
from school.models import Session
from volunteers.models import Shift
from volunteers.shared.public_page import public_page
from volunteers.shared.qr import qr_code

AHEAD = dt.timedelta(days=28)
SESSIONS = 3


@login_not_required
@require_safe
@public_page
def front(request: HttpRequest) -> HttpResponse:
    """What anyone sees first: when we are open, where, and what there is."""
    now, hub = timezone.now(), hub_of(request)
    alerts = list(Alert.objects.live())
    known = plan(now) | {"hub": hub_as_written(request), "alerts": alerts, "starting_words": WORDS_FOR_999}
    # Kept as it was written: whoever reads it may not read what this visitor does.
    offline_copy.keep(known)
    picture = PublicStock.current()
    shelves = picture.group_by_category() if picture else []
    welcome, help_us = Text.called("welcome", "help")
    Translation.objects.say(*alerts, *known["notices"], welcome, help_us, *things_on(shelves))
    context = known | {
        "hub": hub,
        "picture": picture,
        "shelves": shelves,
        "sessions": Session.objects.public(now).with_modules()[:SESSIONS],
        "welcome": welcome,
        "help_us": help_us,
        "link": settings.SITE_URL,
        "square": square_of_ours(settings.SITE_URL),
    }
    return render(request, "hub/public/front/page.html", context)


@cache
def square_of_ours(site: str) -> SafeString:
    """Where this page is, to point a phone at: always the same, and slow to draw."""
    return qr_code(site + reverse("hub:front"))


@login_not_required
@require_safe
@public_page
def supplies(request: HttpRequest) -> HttpResponse:
    """What we have, heading by heading: there or not, never how many."""
    picture = PublicStock.current()
    shelves = picture.group_by_category() if picture else []
    Translation.objects.say(*things_on(shelves))
    return render(request, "hub/public/front/supplies.html", {"picture": picture, "shelves": shelves})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may look at: public pages if the hub has chosen so, else nothing."""
    lines = ["User-agent: *", "Disallow: /"]
    if hub_of(request).search_engines:
        lines = ["User-agent: *", "Disallow: /accounts/", "Disallow: /admin/"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


def things_on(shelves: list[PublicStockCategory]) -> list[Model]:
    """Every heading and every thing that is named under one."""
    return [thing for shelf in shelves for thing in (shelf.category, *shelf.here, *shelf.gone)]


def plan(now: dt.datetime) -> dict[str, Any]:
    """When the door is open, as published: what is on, what comes, and what somebody chose to say beside it."""
    shifts = Shift.objects.all().doors_ahead(now, AHEAD)
    doors = joined(Doors(shift.starts_at, shift.ends_at, shift.place, cancelled=shift.is_cancelled) for shift in shifts)
    on = on_now(doors, now)
    coming = [one for one in doors if one != on]
    going = [one for one in coming if not one.cancelled]
    first = None if on else next(iter(going), None)
    today = timezone.localdate(now)
    return {
        "today": today,
        "tomorrow": today + dt.timedelta(days=1),
        "on": on,
        "first": first,
        "coming": [one for one in coming if one != first],
        "every": doors,
        "called_off": [one for one in coming if one.cancelled and timezone.localdate(one.opens) == today],
        "notices": list(Notice.objects.shown(evening(timezone.localtime(now)))),
    }
