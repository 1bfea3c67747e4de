"""Asked for, and not there: counted by month, in a write of its own, so that no visit can be told from it."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from hub.desk.access import DEVICE_COOKIE_PATH, answers_in_json, at_the_desk, keep_at_the_desk, refuse, what_was_sent
from hub.desk.forms.shortfalls import UNDO_COOKIE, MissingForm, recall, remember
from hub.desk.visit_payload import Unreadable
from hub.logs.forms.base import UNDO_SECONDS
from hub.logs.models.base import month_of_evening, this_month
from supplies.models import Shortfall

NOT_READ = _lazy("We couldn't read that. Nothing was changed.")


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    """What somebody asked for and could not have, and why."""
    form = MissingForm(request.POST or None)
    if form.is_valid():
        month = this_month()
        try:
            Shortfall.objects.note(month=month, **form.said())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return _counted(request, form, month)
    context = {"form": form, "undo": recall(request.COOKIES.get(UNDO_COOKIE, "")) is not None}
    return render(request, "hub/desk/shortfalls/form.html", context, status=422 if form.is_bound else 200)


@at_the_desk
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was counted last on this device, while it is remembered."""
    last = recall(request.COOKIES.get(UNDO_COOKIE, ""))
    if last is None:
        messages.info(request, _("There is nothing to undo any more."))
        return redirect("hub:desk")
    if _taken_back(*last):
        messages.success(request, _("Undone. It is as if it was never counted."))
    else:
        messages.info(request, _("That was undone already."))
    response = redirect("hub:missing")
    response.delete_cookie(UNDO_COOKIE, path=DEVICE_COOKIE_PATH, samesite="Strict")
    return response


@answers_in_json
@require_POST
def sent(request: HttpRequest) -> HttpResponse:
    """The same from a device that kept it until there was a network: counted once, in the month of its evening.

    `void` undoes it, whichever of the two arrives first.

    Answers as `visits` does: 200 when it is safe here, 422 with a sentence for what can never be counted, 503 for
    what we could not write just now and want again later.
    """
    try:
        said = what_was_sent(request)
    except Unreadable as problem:
        return refuse(422, str(problem))
    said = said if isinstance(said, dict) else {}
    status, result = _take_in(said)
    return JsonResponse({"results": {str(said.get("id", "")): result}}, status=status)


def _counted(request: HttpRequest, form: MissingForm, month: dt.date) -> HttpResponse:
    messages.success(request, _("Counted. It says what we should stock."))
    response = redirect("hub:missing")
    return keep_at_the_desk(response, UNDO_COOKIE, remember(form, month), UNDO_SECONDS)


def _taken_back(form: MissingForm, month: dt.date) -> bool:
    try:
        return form.is_valid() and Shortfall.objects.take_back(month=month, **form.said())
    except ValidationError:
        return False


def _take_in(said: dict[str, object]) -> tuple[int, dict[str, str]]:
    form = MissingForm({"key": said.get("id"), "thing": said.get("thing"), "reason": said.get("reason")})
    try:
        if not form.is_valid():
            gone = _("That is not on our list any more. Load the page again; nothing was counted.")
            return 422, _refused(gone if form.has_error("thing") else str(NOT_READ))
        month = month_of_evening(_day(said.get("evening")))
        if said.get("void") is True:
            Shortfall.objects.take_back(month=month, **form.said())
            return 200, {"status": "undone"}
        Shortfall.objects.note(month=month, **form.said())
    except ValidationError as refused:
        return 422, _refused(refused.messages[0])
    except DatabaseError:
        return 503, {"status": "later"}
    return 200, {"status": "created"}


def _refused(why: str) -> dict[str, str]:
    return {"status": "refused", "why": why}


def _day(value: object) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise ValidationError(NOT_READ, code="evening") from None
