"""Entries of the logs that a device kept until there was a network: each in a request of its own, beside no visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from hub.core.periods import opening_month
from hub.desk.access import desk_api_access_required, json_refusal, read_json
from hub.desk.exceptions import InvalidPayload
from hub.desk.versions import describe_versions
from hub.logs.forms.base import LogForm
from hub.logs.forms.naloxone import NaloxoneForm
from hub.logs.forms.reversals import ReversalForm
from hub.logs.forms.strips import StripResultForm
from hub.logs.models.base import EntryDiffers, EntryUndone
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.seen_entries import find_first_month
from hub.logs.models.strips import Strip, StripResult

Fields = MultiValueDict[str, str]


def _build_strip_form(months: list[dt.date], fields: Fields) -> LogForm:
    chosen = fields.get("strip", "")
    strip = Strip.objects.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() else None
    if strip is None:
        raise InvalidPayload(_("That is not on our list any more. Load the page again. Nothing was written down."))
    return StripResultForm(strip, months, fields)


FORMS: dict[str, Callable[[list[dt.date], Fields], LogForm]] = {
    "naloxone": NaloxoneForm,
    "reversal": ReversalForm,
    "strip": _build_strip_form,
}
"""The form that reads each kind of entry."""

MODELS: dict[str, Any] = {"naloxone": NaloxoneGiven, "reversal": Reversal, "strip": StripResult}


NOT_READ = _lazy("We could not read that. Nothing was changed.")


class _AskAgain(Exception):
    """The date of the device may be wrong: it asks again once that is right, and nothing is lost."""


@desk_api_access_required
@require_POST
def log_sent_entry(request: HttpRequest) -> HttpResponse:
    """Write an entry that a device kept, in the month it belongs to, or undo it (`void`), whichever comes first.

    The status is 200 when it is safe here, 422 with a sentence for one that can never be written, 409 for one that is
    written with something else in it, and 503 for one to send again later.
    """
    try:
        raw = read_json(request)
        payload = raw if isinstance(raw, dict) else {}
        status, result = _log_entry(payload)
    except InvalidPayload as problem:
        return json_refusal(422, str(problem))
    return JsonResponse({"results": {str(payload.get("id", "")): result}}, status=status)


def _log_entry(payload: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    try:
        status = _write(payload)
    except _AskAgain as problem:
        return 409, {"status": "later", "why": str(problem)}
    except InvalidPayload as problem:
        return 422, {"status": "refused", "why": str(problem)}
    except ValidationError as refused:
        return 422, {"status": "refused", "why": refused.messages[0]}
    except EntryDiffers as differs:
        return 409, {
            "status": "refused",
            "why": str(differs),
            "versions": describe_versions(differs.kept, differs.sent),
        }
    except DatabaseError:
        return 503, {"status": "later"}
    return 200, {"status": status}


def _write(payload: dict[str, Any]) -> str:
    kind = str(payload.get("kind"))
    form = _build_form(kind, payload)
    if not form.is_valid():
        raise InvalidPayload(_explain(form))
    if payload.get("void") is True:
        MODELS[kind].objects.take_back(form.cleaned_data["id"], form.cleaned_data["month"])
        return "undone"
    try:
        form.write()
    except EntryUndone:
        return "undone"
    return "created"


def _build_form(kind: str, payload: dict[str, Any]) -> LogForm:
    month = _read_month(payload.get("month"))
    if not find_first_month(timezone.localdate()) <= month <= opening_month():
        raise _AskAgain(_("That is not this month. Check the date on this device."))
    fields = _read_fields(payload.get("fields"))
    if kind not in FORMS:
        raise InvalidPayload(str(NOT_READ))
    return FORMS[kind]([month], MultiValueDict(fields | {"id": [str(payload.get("id"))], "month": [str(month)]}))


def _explain(form: LogForm) -> str:
    """The first thing wrong with it, and what it is about."""
    name, errors = next(iter(form.errors.items()))
    if form.has_error(name, "invalid_choice"):
        return _("%(question)s: that answer is not on our list any more. Nothing was written down.") % {
            "question": form[name].label
        }
    if name in ("id", "month", "__all__"):
        return str(errors[0])
    return f"{form[name].label}: {errors[0]}"


def _read_month(value: object) -> dt.date:
    try:
        month = dt.date.fromisoformat(str(value))
    except ValueError:
        raise InvalidPayload(str(NOT_READ)) from None
    return month.replace(day=1)


def _read_fields(value: object) -> dict[str, list[str]]:
    """The fields of a form: each a string, or several."""
    if not isinstance(value, dict):
        raise InvalidPayload(str(NOT_READ))
    fields = {str(name): said if isinstance(said, list) else [said] for name, said in value.items()}
    if not all(isinstance(text, str) for said in fields.values() for text in said):
        raise InvalidPayload(str(NOT_READ))
    return fields
