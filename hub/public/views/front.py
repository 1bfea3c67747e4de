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
from hub.public import offline_copy, structured_data
from hub.public.models.notices import Notice
from hub.public.models.texts import Text
from hub.public.opening_times import PlannedOpening, find_open_now, join_openings
from school.models import Session
from supplies.models import Appeal
from volunteers.models import Shift
from volunteers.shared.public_page import public_page
from volunteers.shared.qr import qr_code

AHEAD = dt.timedelta(days=28)
SESSIONS = 3


@login_not_required
@require_safe
@public_page
def front(request: HttpRequest) -> HttpResponse:
    """The front page: when we are open, where, and what there is."""
    now, hub = timezone.now(), hub_of(request)
    alerts = list(Alert.objects.live())
    known = plan(now) | {"hub": hub_as_written(request), "alerts": alerts, "starting_words": WORDS_FOR_999}
    # Kept as it was written: the next visitor may read another language.
    offline_copy.keep(known)
    picture = PublicStock.current()
    shelves = picture.group_by_category() if picture else []
    welcome, help_us = Text.called("welcome", "help")
    appeals = list(Appeal.objects.shown(timezone.localdate(now)))
    Translation.objects.translate(*alerts, *known["notices"], welcome, help_us, *appeals, *things_on(shelves))
    context = known | {
        "hub": hub,
        "picture": picture,
        "shelves": shelves,
        "sessions": Session.objects.public(now).with_modules()[:SESSIONS],
        "welcome": welcome,
        "help_us": help_us,
        "appeals": appeals,
        "link": settings.SITE_URL,
        "square": square_of_ours(settings.SITE_URL),
    }
    if hub.search_engines:
        home = settings.SITE_URL + reverse("hub:front")
        context["structured_data"] = structured_data.write_json(
            structured_data.describe_place(hub, known["every"], home)
        )
    return render(request, "hub/public/front/page.html", context)


@cache
def square_of_ours(site: str) -> SafeString:
    """Where this page is, to point a phone at: always the same, and slow to draw."""
    return qr_code(site + reverse("hub:front"))


@login_not_required
@require_safe
@public_page
def supplies(request: HttpRequest) -> HttpResponse:
    """The list of supplies, heading by heading: there or not, never how many."""
    picture = PublicStock.current()
    shelves = picture.group_by_category() if picture else []
    Translation.objects.translate(*things_on(shelves))
    return render(request, "hub/public/front/supplies.html", {"picture": picture, "shelves": shelves})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: search engines may read public pages if the hub has chosen so, else nothing."""
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
    openings = join_openings(
        PlannedOpening(shift.starts_at, shift.ends_at, shift.place, cancelled=shift.is_cancelled) for shift in shifts
    )
    on = find_open_now(openings, now)
    coming = [opening for opening in openings if opening != on]
    going = [opening for opening in coming if not opening.cancelled]
    first = None if on else next(iter(going), None)
    today = timezone.localdate(now)
    return {
        "today": today,
        "tomorrow": today + dt.timedelta(days=1),
        "on": on,
        "first": first,
        "coming": [opening for opening in coming if opening != first],
        "every": openings,
        "called_off": [
            opening for opening in coming if opening.cancelled and timezone.localdate(opening.opens) == today
        ],
        "notices": list(Notice.objects.shown(evening(timezone.localtime(now)))),
    }
