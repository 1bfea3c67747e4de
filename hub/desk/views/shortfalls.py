"""Shortfalls at the desk: asked for, and not there. Counted by month and in a request of their own, beside no visit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from hub.core.periods import opening_month
from hub.desk.access import (
    UNDO_TTL,
    delete_desk_cookie,
    desk_access_required,
    desk_api_access_required,
    json_refusal,
    read_json,
    set_desk_cookie,
)
from hub.desk.exceptions import EveningUnclear, InvalidPayload
from hub.desk.forms.shortfalls import (
    LAST_SHORTFALL_COOKIE,
    DeskShortfallForm,
    month_of_evening,
    read_last_shortfall,
    sign_last_shortfall,
)
from hub.desk.versions import describe_versions
from supplies.models import Shortfall, ShortfallDiffers

UNDO_SHORTFALL = "undo-shortfall"
"""The tag of a message that can be undone where it is read."""

NOT_READ = _lazy("We could not read that. Nothing was changed.")


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_shortfall(request: HttpRequest) -> HttpResponse:
    """Count something that somebody asked for and could not have, and why."""
    form = DeskShortfallForm(request.POST or None)
    if form.is_valid():
        month = opening_month()
        try:
            Shortfall.objects.note(month=month, **form.build_shortfall())
        except ValidationError as refused:
            form.add_error(None, refused)
        except ShortfallDiffers as differs:
            form.refuse_key(str(differs), describe_versions(differs.kept, differs.sent))
            return _render_form(request, form, status=409)
        else:
            return _redirect_and_remember(request, form, month)
    return _render_form(request, form, status=422 if form.is_bound else 200)


@desk_access_required
@require_POST
def undo_shortfall(request: HttpRequest) -> HttpResponse:
    """Take back the last shortfall of this device, while it is remembered."""
    last = read_last_shortfall(request.COOKIES.get(LAST_SHORTFALL_COOKIE, ""))
    if last is None:
        messages.info(request, _("There is nothing left to undo."))
        return redirect("hub:desk")
    if _take_back(*last):
        messages.success(request, _("Undone. It is not counted."))
    else:
        messages.info(request, _("That is already undone."))
    return delete_desk_cookie(redirect("hub:desk"), LAST_SHORTFALL_COOKIE)


@desk_api_access_required
@require_POST
def log_sent_shortfall(request: HttpRequest) -> HttpResponse:
    """Count a shortfall that a device kept until there was a network, in the month of its evening.

    `void` undoes it, whichever of the two arrives first. The status is 200 when it is safe here, 422 with a sentence
    for one that can never be counted, 409 for one of an evening that cannot be, and 503 for one to send again later.
    """
    try:
        raw = read_json(request)
    except InvalidPayload as problem:
        return json_refusal(422, str(problem))
    payload = raw if isinstance(raw, dict) else {}
    status, result = _log_shortfall(payload)
    return JsonResponse({"results": {str(payload.get("id", "")): result}}, status=status)


def _render_form(request: HttpRequest, form: DeskShortfallForm, *, status: int) -> HttpResponse:
    last = read_last_shortfall(request.COOKIES.get(LAST_SHORTFALL_COOKIE, ""))
    context = {"form": form, "undo": last is not None}
    return render(request, "hub/desk/shortfalls/form.html", context, status=status)


def _redirect_and_remember(request: HttpRequest, form: DeskShortfallForm, month: dt.date) -> HttpResponse:
    messages.success(request, _("Counted. It helps us decide what to stock."), extra_tags=UNDO_SHORTFALL)
    response = redirect("hub:desk")
    return set_desk_cookie(response, LAST_SHORTFALL_COOKIE, sign_last_shortfall(form, month), UNDO_TTL)


def _take_back(form: DeskShortfallForm, month: dt.date) -> bool:
    try:
        return form.is_valid() and Shortfall.objects.take_back(month=month, **form.build_shortfall())
    except (ValidationError, ShortfallDiffers):
        return False


def _log_shortfall(payload: dict[str, object]) -> tuple[int, dict[str, Any]]:
    try:
        return 200, {"status": _count_or_undo(payload)}
    except EveningUnclear as unclear:
        return 409, {"status": "later", "why": str(unclear)}
    except ValidationError as refused:
        return 422, {"status": "refused", "why": refused.messages[0]}
    except ShortfallDiffers as differs:
        versions = describe_versions(differs.kept, differs.sent)
        return 409, {"status": "refused", "why": str(differs), "versions": versions}
    except DatabaseError:
        return 503, {"status": "later"}


def _count_or_undo(payload: dict[str, object]) -> str:
    form = DeskShortfallForm({"key": payload.get("id"), "thing": payload.get("thing"), "reason": payload.get("reason")})
    if not form.is_valid():
        gone = _("That is not on our list any more. Load the page again. Nothing was counted.")
        raise ValidationError(gone if form.has_error("thing") else str(NOT_READ), code="unread")
    month = month_of_evening(_read_day(payload.get("evening")))
    if payload.get("void") is True:
        Shortfall.objects.take_back(month=month, **form.build_shortfall())
        return "undone"
    Shortfall.objects.note(month=month, **form.build_shortfall())
    return "created"


def _read_day(value: object) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise ValidationError(NOT_READ, code="evening") from None
