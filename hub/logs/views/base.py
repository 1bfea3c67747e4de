"""What the pages of the four logs share: which months they may write into, and undoing what was written last."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from hub.core.periods import month_of
from hub.desk.access import at_the_desk, keep_at_the_desk
from hub.logs.forms.base import UNDO_COOKIE, UNDO_SECONDS, months_for, recall, remember
from hub.logs.models.base import this_month
from hub.logs.models.incidents import Incident
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import StripResult
from hub.months.models import Month

PATH = "/desk/"


@dataclass(frozen=True)
class Log:
    """One log: what its rows are, and where they are written."""

    name: str
    title: Any
    model: Any
    page: str


LOGS = {
    log.name: log
    for log in (
        Log("naloxone", _lazy("Naloxone given"), NaloxoneGiven, "hub:naloxone"),
        Log("reversals", _lazy("Overdoses reversed"), Reversal, "hub:reversals"),
        Log("strips", _lazy("Strip results"), StripResult, "hub:strips"),
        Log("incidents", _lazy("Incidents"), Incident, "hub:incidents"),
    )
}


def months_of(request: HttpRequest) -> list[dt.date]:
    """The months this request may write into, the one it is for first."""
    this = this_month()
    last = month_of(this - dt.timedelta(days=1))
    return months_for(
        this,
        _asked(request.GET.get("month", "")),
        last_sealed=Month(last).is_sealed,
        anything=request.user.has_perm("hub.complete_month"),
    )


def blank(request: HttpRequest) -> dict[str, Any]:
    """What an empty form starts with: a new random id and its month."""
    return {"id": uuid.uuid4(), "month": months_of(request)[0].isoformat()}


def can_undo(request: HttpRequest, log: str) -> bool:
    """Whether what was written last, on this device and in this log, can still be undone."""
    return recall(request.COOKIES.get(UNDO_COOKIE, ""))[0] == log


def written(request: HttpRequest, log: str, ids: Iterable[uuid.UUID], said: str) -> HttpResponse:
    """Back to an empty form, saying what was written; for two minutes it can be undone."""
    messages.success(request, said)
    response = redirect(LOGS[log].page)
    return keep_at_the_desk(response, UNDO_COOKIE, remember(log, ids), UNDO_SECONDS)


@at_the_desk
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take out what was written last on this device, while it is remembered."""
    name, ids = recall(request.COOKIES.get(UNDO_COOKIE, ""))
    if name not in LOGS:
        messages.info(request, _("There is nothing to undo any more. A coordinator can take it out of the month."))
        return redirect("hub:desk")
    if LOGS[name].model.objects.take_out(ids):
        messages.success(request, _("Undone. It is as if it was never written."))
    else:
        messages.info(request, _("That was undone already."))
    response = redirect(LOGS[name].page)
    response.delete_cookie(UNDO_COOKIE, path=PATH, samesite="Strict")
    return response


def _asked(month: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None
