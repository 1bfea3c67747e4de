"""Access to the desk: for a person signed in who may staff it, and for a device paired for tonight."""

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

from hub.core.form_keys import keeps_own_key
from hub.desk.exceptions import InvalidPayload
from hub.desk.kept_files import VERSION_HEADER, compute_version
from hub.desk.models.devices import DeskDevice
from hub.desk.models.openings import Opening
from hub.desk.script_config import build_script_config

DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}d"
# A cookie with the prefix is for the whole of the host, or browsers drop it. Each page still asks who may.
DESK_COOKIE_PATH = "/" if settings.COOKIE_PREFIX else "/desk/"
DESK_COOKIE = f"{settings.COOKIE_PREFIX}at"
MAX_BODY_BYTES = 64 * 1024

UNDO_TTL = 120
"""How long a device can undo an entry in a log. The cookie for it is signed, and nothing is kept here."""

View = Callable[..., HttpResponse]


def get_device(request: HttpRequest) -> DeskDevice | None:
    """The paired device this request comes from; None for a person who signed in."""
    device: DeskDevice | None = getattr(request, "device", None)
    return device


def get_opening(request: HttpRequest) -> Opening | None:
    """The open desk this request is at."""
    return get_openings(request)[0]


def get_openings(request: HttpRequest) -> tuple[Opening | None, list[Opening]]:
    """The open desk this request is at, and the others: its device's desk, the one this person chose, or the first."""
    device = get_device(request)
    if device is not None:
        return device.opening, []
    openings = list(Opening.objects.tonight().select_related("shift"))
    chosen = _read_number(request.GET.get("opening") or request.COOKIES.get(DESK_COOKIE))
    first = openings[0] if openings else None
    here = next((opening for opening in openings if opening.pk == chosen), first)
    return here, [opening for opening in openings if opening is not here]


def desk_access_required(view: View) -> View:
    """Let in everybody who may be at the desk. Others sign in; a device whose desk has closed reads so, with 401."""

    @login_not_required
    @keeps_own_key
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _has_access(request):
            if request.user.is_authenticated:
                raise PermissionDenied
            if DEVICE_COOKIE not in request.COOKIES:
                return redirect_to_login(request.get_full_path())
            return _forbid_storing(render_device_ended(request))
        response = _forbid_storing(view(request, *args, **kwargs))
        response[VERSION_HEADER] = compute_version()
        return response

    return guarded


def desk_api_access_required(view: View) -> View:
    """Let in everybody who may be at the desk. Others get JSON and never a redirect: 401 to sign in or pair, or 403."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _has_access(request):
            return _forbid_storing(view(request, *args, **kwargs))
        if request.user.is_authenticated:
            return _forbid_storing(json_refusal(403, _("Ask a coordinator to put you on the desk.")))
        return _forbid_storing(json_refusal(401, _("Please sign in again. What you logged is safe on this device.")))

    return guarded


def render_device_ended(request: HttpRequest) -> HttpResponse:
    """The answer to a device whose desk has closed: a page for a person, JSON for everything else."""
    if request.get_preferred_type(["application/json", "text/html"]) != "text/html":
        return json_refusal(401, _("This device is not a desk any more. What you logged is safe on it."))
    return render(request, "hub/desk/devices/ended.html", {"config": build_script_config()}, status=401)


def set_desk_cookie(response: HttpResponse, name: str, value: str, seconds: int | None = None) -> HttpResponse:
    """Set a cookie for the desk's pages, out of reach of scripts and of other sites."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=DESK_COOKIE_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return response


def delete_desk_cookie(response: HttpResponse, name: str) -> HttpResponse:
    """Delete a cookie that `set_desk_cookie` set."""
    response.delete_cookie(name, path=DESK_COOKIE_PATH, samesite="Strict")
    return response


def json_refusal(status: int, why: str) -> HttpResponse:
    """A refusal in JSON, with a sentence."""
    return JsonResponse({"why": why}, status=status)


def read_json(request: HttpRequest) -> object:
    """The JSON a device sent. Raises InvalidPayload, with a sentence."""
    if request.content_type != "application/json" or len(request.body) > MAX_BODY_BYTES:
        raise InvalidPayload(_("We could not read that. Nothing was changed."))
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise InvalidPayload(_("We could not read that. Nothing was changed.")) from None


def _has_access(request: HttpRequest) -> bool:
    person_may = request.user.is_authenticated and request.user.has_perm("hub.staff_desk")
    device = None if person_may else DeskDevice.objects.get_by_token(request.COOKIES.get(DEVICE_COOKIE, ""))
    request.device = device  # type: ignore[attr-defined]
    return person_may or device is not None


def _forbid_storing(response: HttpResponse) -> HttpResponse:
    """Keep the page off the device's disk: the middleware does so only for people who signed in."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
    return response


def _read_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < len(str(2**63)) else None
