"""The desk's JSON: a device sends visits and asks for the session. It never gets a redirect or a page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_POST

from hub.desk.access import desk_api_access_required, get_opening, json_refusal, read_json
from hub.desk.exceptions import DeskClosed, InvalidPayload, VisitDiffers
from hub.desk.models.openings import Opening, Totals
from hub.desk.models.visits import Visit
from hub.desk.visit_payload import read_visit, read_visits


@desk_api_access_required
@require_GET
@requires_csrf_token
def get_session(request: HttpRequest) -> HttpResponse:
    """Whether we are still signed in, a fresh token for sending, and this evening's totals so far."""
    opening = get_opening(request)
    return JsonResponse({"csrf": get_token(request), "open": opening.pk if opening else None, **_get_totals(opening)})


@desk_api_access_required
@require_POST
def log_visits(request: HttpRequest) -> HttpResponse:
    """Log up to 25 visits. Each is counted once, or refused with a sentence; a bad one spoils no other.

    `results` maps each id to what became of it. The status is 200 when all were taken, else the highest of: 422 for
    a payload that cannot be a visit, 409 for a visit that comes too late or differs, 503 for one to send again later.
    """
    try:
        raw_visits = read_visits(read_json(request))
    except InvalidPayload as problem:
        return json_refusal(422, str(problem))
    results: dict[str, dict[str, str]] = {}
    highest = 200
    for raw in raw_visits:
        id_ = str(raw.get("id", "")) if isinstance(raw, dict) else ""
        status, results[id_] = _log_visit(raw)
        highest = max(highest, status)
    return JsonResponse({"results": results, **_get_totals(get_opening(request))}, status=highest)


def _log_visit(raw: object) -> tuple[int, dict[str, str]]:
    try:
        return 200, {"status": Visit.objects.log(read_visit(raw))}
    except InvalidPayload as problem:
        return 422, {"status": "refused", "why": str(problem)}
    except ValidationError as problem:
        return 422, {"status": "refused", "why": problem.messages[0]}
    except (DeskClosed, VisitDiffers) as problem:
        return 409, {"status": "refused", "why": str(problem)}
    except DatabaseError:
        return 503, {"status": "later"}


def _get_totals(opening: Opening | None) -> dict[str, Any]:
    totals = opening.totals() if opening else Totals()
    return {"visits": totals.visits, "people": totals.people}
