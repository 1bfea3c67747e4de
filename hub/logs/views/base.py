"""The base of the four logs' pages: the months a row may be written into, and undoing the last rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from hub.core.periods import month_of, opening_month
from hub.desk.access import UNDO_TTL, delete_desk_cookie, desk_access_required, set_desk_cookie
from hub.desk.versions import describe_versions
from hub.logs.forms.base import LAST_ROWS_COOKIE, LogForm, find_writable_months, read_last_rows, sign_last_rows
from hub.logs.models.base import EntryDiffers, EntryUndone
from hub.logs.models.incidents import Incident
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import StripResult
from supplies.models import CompletedMonth

UNDO_ROWS = "undo-rows"
"""The tag of a message that can be undone where it is read."""


@dataclass(frozen=True)
class Log:
    """One log: its title, the model of its rows, and the page that writes them."""

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


def get_writable_months(request: HttpRequest) -> list[dt.date]:
    """Months that this request may write a row into, the default first."""
    this = opening_month()
    last = month_of(this - dt.timedelta(days=1))
    return find_writable_months(
        this,
        _read_month(request.GET.get("month", "")),
        last_is_complete=CompletedMonth.objects.filter(month=last).exists(),
        may_choose=request.user.has_perm("hub.complete_month"),
    )


def build_initial(months: list[dt.date]) -> dict[str, Any]:
    """Initial values of an empty form: a new random id and its month."""
    return {"id": uuid.uuid4(), "month": months[0].isoformat()}


def write_entry(form: LogForm) -> tuple[int, list[uuid.UUID]]:
    """Write a form down: 302 with the ids of its rows, or the status to show it again with and why in it.

    Another entry under the same key is shown beside the one that is written; sent again, the form is an entry of its
    own.
    """
    if not form.is_valid():
        return 422, []
    try:
        return 302, form.write()
    except ValidationError as refused:
        form.add_error(None, refused)
        return 422, []
    except EntryDiffers as differs:
        form.add_error(None, [str(differs), *describe_versions(differs.kept, differs.sent)])
        form.add_error(None, _("If both are right, press the button again. Then we write this one down too."))
    except EntryUndone as undone:
        form.add_error(None, str(undone))
        form.add_error(None, _("If it happened after all, press the button again."))
    form.renew_key()
    return 409, []


def can_undo(request: HttpRequest, log: str) -> bool:
    """Whether the last rows of this device are in this log and can still be undone."""
    return _read_last_rows(request)[0] == log


def redirect_and_remember(request: HttpRequest, log: str, ids: Iterable[uuid.UUID], message: str) -> HttpResponse:
    """Go back to the desk, with a message and a way to undo it, so that no second tap writes it again.

    An entry into a chosen month, as from a pile of paper, leads back to the form. Undoing works for two minutes.
    """
    if month := request.GET.get("month"):
        messages.success(request, message)
        response = redirect(f"{reverse(LOGS[log].page)}?{urlencode({'month': month})}")
    else:
        messages.success(request, message, extra_tags=UNDO_ROWS)
        response = redirect("hub:desk")
    return set_desk_cookie(response, LAST_ROWS_COOKIE, sign_last_rows(log, ids), UNDO_TTL)


@desk_access_required
@require_POST
def undo_rows(request: HttpRequest) -> HttpResponse:
    """Take out the last rows of this device, while they are remembered."""
    name, ids = _read_last_rows(request)
    if name not in LOGS:
        messages.info(request, _("There is nothing left to undo. A coordinator can correct it in the month."))
        return redirect("hub:desk")
    if LOGS[name].model.objects.take_out(ids):
        messages.success(request, _("Undone. The visit is deleted."))
    else:
        messages.info(request, _("That is already undone."))
    return delete_desk_cookie(redirect("hub:desk"), LAST_ROWS_COOKIE)


def _read_last_rows(request: HttpRequest) -> tuple[str, list[uuid.UUID]]:
    return read_last_rows(request.COOKIES.get(LAST_ROWS_COOKIE, ""))


def _read_month(month: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None
