"""The desk page: log a visit, undo it, log it again. It works as plain forms; a device with scripts sends payloads."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.core import periods
from hub.desk.access import desk_access_required, get_device, get_openings, set_desk_cookie
from hub.desk.exceptions import DeskClosed, VisitDiffers
from hub.desk.forms.visits import (
    LAST_VISIT_COOKIE,
    LAST_VISIT_TTL,
    VisitForm,
    build_initial,
    read_last_visit,
    sign_last_visit,
)
from hub.desk.models.openings import Opening
from hub.desk.models.questions import Question
from hub.desk.models.visits import Visit
from hub.desk.script_config import build_script_config, describe_bundle
from hub.desk.tiles import build_desk_context, describe_visit
from hub.desk.trained_only import describe_trained
from hub.desk.views.openings import render_closed_desk
from hub.desk.visit_payload import VisitPayload
from supplies.models import Item, StockState


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_desk(request: HttpRequest) -> HttpResponse:
    """The desk while it is open; else the way to open it. POST logs one visit from the plain form."""
    opening, others = get_openings(request)
    if opening is None:
        return _render_closed(request)
    items = Item.objects.at_the_desk().with_on_hand().with_unusable(periods.tonight())
    asked = Question.objects.asked()
    last, undone = _read_last_visit(request)
    if request.method == "POST":
        form = VisitForm(items, request.POST, asked=asked)
        if form.is_valid():
            return _log(request, opening, others, form)
    else:
        form = VisitForm(items, initial=build_initial(opening.pk, last if undone else None), asked=asked)
    last = None if undone else last
    return _render_desk(request, opening, others, form, last=last, status=422 if form.errors else 200)


@desk_access_required
@require_POST
def log_again(request: HttpRequest) -> HttpResponse:
    """Log the last visit once more, as a visit of its own, while it is remembered."""
    last, undone = _read_last_visit(request)
    try:
        new_id = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        new_id = uuid.uuid4()
    if last is None or undone:
        messages.info(request, _("We no longer have that visit. Please enter it again."))
        return redirect("hub:desk")
    payload = replace(last, id=new_id, void=False, evening=None)
    return _log_last(request, payload, message=_("Visit logged."), undone=False)


@desk_access_required
@require_POST
def undo_visit(request: HttpRequest) -> HttpResponse:
    """Undo the last visit while it is remembered, and put it back on the screen to be changed."""
    last, undone = _read_last_visit(request)
    if last is None or undone:
        messages.info(request, _("There is nothing left to undo."))
        return redirect("hub:desk")
    message = _("Undone. You can change the visit on the screen.")
    return _log_last(request, last.as_void(), message=message, undone=True)


def _read_last_visit(request: HttpRequest) -> tuple[VisitPayload | None, bool]:
    return read_last_visit(request.COOKIES.get(LAST_VISIT_COOKIE, ""))


def _log(request: HttpRequest, opening: Opening, others: list[Opening], form: VisitForm) -> HttpResponse:
    payload = form.build_payload()
    try:
        Visit.objects.log(payload, late=False)
    except VisitDiffers as differs:
        form.refuse_key(differs)
        return _render_desk(request, opening, others, form, last=None, status=409)
    except DeskClosed as refused:
        form.add_error(None, str(refused))
        return _render_desk(request, opening, others, form, last=None, status=409)
    message = _("Logged: %(what)s · %(n)d tonight") % {"what": _describe(payload, form), "n": opening.totals().visits}
    return _redirect_and_remember(request, payload, message=message, undone=False)


def _log_last(request: HttpRequest, payload: VisitPayload, *, message: str, undone: bool) -> HttpResponse:
    try:
        Visit.objects.log(payload, late=False)
    except (DeskClosed, VisitDiffers) as refused:
        messages.error(request, str(refused))
        return redirect("hub:desk")
    return _redirect_and_remember(request, payload, message=message, undone=undone)


def _redirect_and_remember(request: HttpRequest, payload: VisitPayload, *, message: str, undone: bool) -> HttpResponse:
    messages.success(request, message)
    response = redirect("hub:desk")
    return set_desk_cookie(response, LAST_VISIT_COOKIE, sign_last_visit(payload, undone=undone), LAST_VISIT_TTL)


def _render_closed(request: HttpRequest) -> HttpResponse:
    refused = request.method == "POST"
    if refused:
        messages.error(request, _("Somebody closed the desk. Open it again, then log the visit."))
    return render_closed_desk(request, status=409 if refused else 200)


def _render_desk(  # noqa: PLR0913 -- what the page shows
    request: HttpRequest,
    opening: Opening,
    others: list[Opening],
    form: VisitForm,
    *,
    last: VisitPayload | None,
    status: int,
) -> HttpResponse:
    totals = opening.totals()
    who_may = describe_trained(request, opening)
    context: dict[str, Any] = {
        **build_desk_context(form, lambda item: _build_hint(item, who_may)),
        "who_may": who_may,
        "paired": get_device(request) is not None,
        "opening": opening,
        "totals": totals,
        "last": last,
        "repeats": _describe(last, form) if last else "",
        "new_id": uuid.uuid4(),
        "others": others,
        "config": build_script_config(opening, totals, form.items),
    }
    return render(request, "hub/desk/desk/desk.html", context, status=status)


def _describe(payload: VisitPayload, form: VisitForm) -> str:
    names = {item.pk: item.tile_name for item in form.items}
    return describe_visit(payload.people, [(n, names[pk]) for pk, n in payload.items.items() if pk in names])


def _build_hint(item: Item, trained: str) -> str:
    """The hint on a tile: who is trained, and how many are left. It stops nobody from giving the item out."""
    if item.is_bundle:
        return describe_bundle(item)
    hints = [trained] if item.trained_only else []
    if item.state == StockState.LOW:
        hints.append(_("%(n)d left") % {"n": item.to_give})
    elif item.state == StockState.UNUSABLE:
        hints.append(_("as far as we know, none that we can give out"))
    elif item.on_hand <= 0:
        hints.append(_("as far as we know, none left"))
    return " · ".join(hints)
