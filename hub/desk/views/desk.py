"""The desk: open it, log visits, close it. The page works as plain forms; a device with scripts sends entries."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.desk.access import at_the_desk, desks_of, keep_at_the_desk
from hub.desk.forms.visits import REMEMBERED_COOKIE, REMEMBERED_SECONDS, VisitForm, fresh, recall, remember
from hub.desk.models.openings import Closed, Opening
from hub.desk.models.questions import Question
from hub.desk.models.visits import Differs, Visit
from hub.desk.script_config import for_the_script, what_is_in
from hub.desk.trained_only import who_may
from hub.desk.views.offline import CHIPS
from hub.desk.views.openings import closed_page
from hub.desk.visit_payload import Entry
from supplies.models import Item, StockState


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The desk while it is open; else the way to open it. POST logs one visit from the plain form."""
    opening, others = desks_of(request)
    if opening is None:
        return _closed(request)
    tiles = Item.objects.on_the_desk().with_on_hand()
    asked = Question.objects.asked()
    last, undone = recall(request.COOKIES.get(REMEMBERED_COOKIE, ""))
    if request.method == "POST":
        form = VisitForm(tiles, request.POST, asked=asked)
        if form.is_valid():
            return _log(request, opening, others, form)
    else:
        form = VisitForm(tiles, initial=fresh(opening.pk, last if undone else None), asked=asked)
    last = None if undone else last
    return _page(request, opening, others, form, last=last, status=422 if form.errors else 200)


@at_the_desk
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Log the last visit once more, as a visit of its own, while it is remembered."""
    last, undone = recall(request.COOKIES.get(REMEMBERED_COOKIE, ""))
    try:
        new_id = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        new_id = uuid.uuid4()
    if last is None or undone:
        messages.info(request, _("That visit is forgotten by now. Please tap it in."))
        return redirect("hub:desk")
    entry = Entry(id=new_id, opening=last.opening, people=last.people, items=last.items, said=last.said)
    return _tell(request, entry, said=_("Visit logged."), undone=False)


@at_the_desk
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Undo the last visit while it is remembered, and put it back on the screen to be changed."""
    last, undone = recall(request.COOKIES.get(REMEMBERED_COOKIE, ""))
    if last is None or undone:
        messages.info(request, _("There is nothing to undo any more."))
        return redirect("hub:desk")
    said = _("Undone. The visit is back on the screen to change.")
    return _tell(request, last.undone(), said=said, undone=True)


def _hint(item: Item, trained: str) -> str:
    """What the tile says of the shelf. It only ever says: nothing here stops anybody from giving it out."""
    if item.is_bundle:
        return what_is_in(item)
    said = [trained] if item.trained_only else []
    if item.state == StockState.LOW:
        said.append(_("%(n)d left") % {"n": item.on_hand})
    elif item.on_hand <= 0:
        said.append(_("none left, as far as we know"))
    return " · ".join(said)


def _log(request: HttpRequest, opening: Opening, others: list[Opening], form: VisitForm) -> HttpResponse:
    entry = form.entry()
    try:
        Visit.objects.log(entry, late=False)
    except (Closed, Differs) as refused:
        form.add_error(None, str(refused))
        return _page(request, opening, others, form, last=None, status=409)
    return _remembered(request, entry, said=_("Visit logged."), undone=False)


def _tell(request: HttpRequest, entry: Entry, *, said: str, undone: bool) -> HttpResponse:
    try:
        Visit.objects.log(entry, late=False)
    except (Closed, Differs) as refused:
        messages.error(request, str(refused))
        return redirect("hub:desk")
    return _remembered(request, entry, said=said, undone=undone)


def _remembered(request: HttpRequest, entry: Entry, *, said: str, undone: bool) -> HttpResponse:
    messages.success(request, said)
    response = redirect("hub:desk")
    return keep_at_the_desk(response, REMEMBERED_COOKIE, remember(entry, undone=undone), REMEMBERED_SECONDS)


def _closed(request: HttpRequest) -> HttpResponse:
    refused = request.method == "POST"
    if refused:
        messages.error(request, _("The desk was closed meanwhile. Open it again, then log the visit."))
    return closed_page(request, status=409 if refused else 200)


def _page(  # noqa: PLR0913 -- what the page shows
    request: HttpRequest,
    opening: Opening,
    others: list[Opening],
    form: VisitForm,
    *,
    last: Entry | None,
    status: int,
) -> HttpResponse:
    totals = opening.totals()
    trained = who_may(request, opening) if any(item.trained_only for item in form.tiles) else ""
    context: dict[str, Any] = {
        "opening": opening,
        "totals": totals,
        "form": form,
        "tiles": [(item, form[f"item-{item.pk}"], _hint(item, trained)) for item in form.tiles],
        "last": last,
        "new_id": uuid.uuid4(),
        "chips": CHIPS,
        "others": others,
        "config": for_the_script(opening, totals, form.tiles),
    }
    return render(request, "hub/desk/desk/desk.html", context, status=status)
