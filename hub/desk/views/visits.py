"""The desk's JSON: a device sends visits and asks for the session. It never gets a redirect or a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_POST

from hub.desk.access import desk_api_access_required, get_opening, json_refusal, read_json
from hub.desk.exceptions import DeskClosed, EveningUnclear, InvalidPayload, VisitDiffers
from hub.desk.models.openings import Opening, Totals
from hub.desk.models.visits import Visit
from hub.desk.script_config import build_moment
from hub.desk.visit_payload import read_visit, read_visits


@desk_api_access_required
@require_GET
@requires_csrf_token
def get_session(request: HttpRequest) -> HttpResponse:
    """Whether we are still signed in, a fresh token for sending, the moment, and this evening's totals so far.

    A page asks this by itself every few seconds, so it keeps nobody signed in.
    """
    opening = get_opening(request)
    response = JsonResponse(
        {"csrf": get_token(request), "open": opening.pk if opening else None, **build_moment(), **_get_totals(opening)}
    )
    response.keeps_awake = False  # type: ignore[attr-defined]
    return response


@desk_api_access_required
@require_POST
def log_visits(request: HttpRequest) -> HttpResponse:
    """Log up to 25 visits. Each is counted once, or refused with a sentence; a bad one spoils no other.

    `results` maps each id to what became of it. The status is 200 when all were taken, else the highest of: 422 for
    a payload that cannot be a visit, 409 for a visit that comes too late, differs, or is of an evening we do not know
    yet, 503 for one to send again later.
    """
    try:
        raw_visits = read_visits(read_json(request))
    except InvalidPayload as problem:
        return json_refusal(422, str(problem))
    results: dict[str, dict[str, Any]] = {}
    highest = 200
    for raw in raw_visits:
        id_ = str(raw.get("id", "")) if isinstance(raw, dict) else ""
        status, results[id_] = _log_visit(raw)
        highest = max(highest, status)
    return JsonResponse({"results": results, **_get_totals(get_opening(request))}, status=highest)


def _log_visit(raw: object) -> tuple[int, dict[str, Any]]:
    try:
        return 200, {"status": Visit.objects.log(read_visit(raw))}
    except InvalidPayload as problem:
        return _refuse(422, str(problem))
    except ValidationError as problem:
        return _refuse(422, problem.messages[0])
    except EveningUnclear as problem:
        return 409, {"status": "later", "why": str(problem)}
    except (DeskClosed, VisitDiffers) as problem:
        return _refuse(409, str(problem), getattr(problem, "versions", []))
    except DatabaseError:
        return 503, {"status": "later"}


def _refuse(status: int, why: str, versions: Sequence[str] = ()) -> tuple[int, dict[str, Any]]:
    result: dict[str, Any] = {"status": "refused", "why": why}
    return status, result | ({"versions": [*versions]} if versions else {})


def _get_totals(opening: Opening | None) -> dict[str, Any]:
    totals = opening.totals() if opening else Totals()
    return {"visits": totals.visits, "people": totals.people}
