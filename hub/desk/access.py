"""Who may be at the desk: somebody signed in who may staff it, or a device paired for tonight."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hub.desk.models.devices import DeskDevice
from hub.desk.models.openings import Opening
from hub.desk.script_config import for_the_script
from hub.desk.visit_payload import Unreadable

DEVICE_COOKIE = "d"
DEVICE_COOKIE_PATH = "/desk/"
DESK_COOKIE = "at"
MOST_BYTES = 64 * 1024

View = Callable[..., HttpResponse]


class DeskRequest(HttpRequest):
    """A request let in at the desk. `device` is None for somebody who signed in themselves."""

    device: DeskDevice | None


def desk_of(request: HttpRequest) -> Opening | None:
    """The open desk this request is at."""
    return desks_of(request)[0]


def desks_of(request: HttpRequest) -> tuple[Opening | None, list[Opening]]:
    """The open desk this request is at: its device's, the one this person chose, or the first; and the others."""
    device: DeskDevice | None = getattr(request, "device", None)
    if device is not None:
        return device.opening, []
    tonight = list(Opening.objects.tonight().select_related("shift"))
    chosen = _number(request.GET.get("opening") or request.COOKIES.get(DESK_COOKIE))
    here = next((one for one in tonight if one.pk == chosen), tonight[0] if tonight else None)
    return here, [one for one in tonight if one is not here]


def at_the_desk(view: View) -> View:
    """Let in whoever may be at the desk. Strangers go and sign in; a device that has ended is told so, with 401."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _let_in(request):
            if request.user.is_authenticated:
                raise PermissionDenied
            if DEVICE_COOKIE not in request.COOKIES:
                return redirect_to_login(request.get_full_path())
            return _off_the_shelf(ended(request))
        return _off_the_shelf(view(request, *args, **kwargs))

    return guarded


def answers_in_json(view: View) -> View:
    """The same for what an outbox asks: 401 to sign in or pair, 403 for not this person, and never a redirect."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _let_in(request):
            return _off_the_shelf(view(request, *args, **kwargs))
        if request.user.is_authenticated:
            return _off_the_shelf(refuse(403, _("Ask a coordinator to put you on the desk.")))
        return _off_the_shelf(refuse(401, _("Please sign in again. What you logged is safe on this device.")))

    return guarded


def ended(request: HttpRequest) -> HttpResponse:
    """What a device reads whose desk has closed: a page for a person, JSON for everything else."""
    if request.get_preferred_type(["application/json", "text/html"]) != "text/html":
        return refuse(401, _("This device is not a desk any more. What was logged is safe on it."))
    return render(request, "hub/desk/devices/ended.html", {"config": for_the_script()}, status=401)


def keep_at_the_desk(response: HttpResponse, name: str, value: str, seconds: int) -> HttpResponse:
    """Let the browser keep this cookie for the desk's pages alone, out of reach of scripts and of other sites."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=DEVICE_COOKIE_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return response


def refuse(status: int, why: str) -> HttpResponse:
    """No, in JSON, with a sentence."""
    return JsonResponse({"why": why}, status=status)


def what_was_sent(request: HttpRequest) -> object:
    """The JSON an outbox sent. Raises Unreadable, with a sentence."""
    if request.content_type != "application/json" or len(request.body) > MOST_BYTES:
        raise Unreadable(_("We couldn't read that. Nothing was changed."))
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unreadable(_("We couldn't read that. Nothing was changed.")) from None


def _let_in(request: HttpRequest) -> bool:
    person_may = request.user.is_authenticated and request.user.has_perm("hub.staff_desk")
    device = None if person_may else DeskDevice.objects.of(request.COOKIES.get(DEVICE_COOKIE, ""))
    request.device = device  # type: ignore[attr-defined]
    return person_may or device is not None


def _off_the_shelf(response: HttpResponse) -> HttpResponse:
    """No copy of it on any disk: for a device, `no_store_middleware` would not know."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
    return response


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < len(str(2**63)) else None
