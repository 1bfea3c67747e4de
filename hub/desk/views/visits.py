"""What a desk device sends and asks for, in JSON. It never gets a redirect or a page: an outbox could not read one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_POST

from hub.desk.access import answers_in_json, desk_of, refuse, what_was_sent
from hub.desk.models.openings import Closed, Opening
from hub.desk.models.visits import Differs, Visit
from hub.desk.visit_payload import Unreadable, read, read_all


@answers_in_json
@require_GET
@requires_csrf_token
def session(request: HttpRequest) -> HttpResponse:
    """Whether we are still signed in, a fresh token for sending, and what this evening comes to so far."""
    opening = desk_of(request)
    return JsonResponse({"csrf": get_token(request), "open": opening.pk if opening else None, **_so_far(opening)})


@answers_in_json
@require_POST
def visits(request: HttpRequest) -> HttpResponse:
    """Take in up to 25 entries. Each is counted once, or refused with a sentence; one bad one spoils no other.

    Answers 200 when all were taken, else the status of the worst: 422 for what cannot be a visit, 409 for what
    cannot be one any more, 503 for what we could not write just now and want again later. `results` maps each id to
    what became of it.
    """
    try:
        raws = read_all(what_was_sent(request))
    except Unreadable as problem:
        return refuse(422, str(problem))
    results: dict[str, dict[str, str]] = {}
    worst = 200
    for raw in raws:
        name = str(raw.get("id", "")) if isinstance(raw, dict) else ""
        status, results[name] = _take_in(raw)
        worst = max(worst, status)
    return JsonResponse({"results": results, **_so_far(desk_of(request))}, status=worst)


def _take_in(raw: object) -> tuple[int, dict[str, str]]:
    try:
        return 200, {"status": Visit.objects.log(read(raw))}
    except (Unreadable, ValidationError) as problem:
        why = problem.messages[0] if isinstance(problem, ValidationError) else str(problem)
        return 422, {"status": "refused", "why": why}
    except (Closed, Differs) as problem:
        return 409, {"status": "refused", "why": str(problem)}
    except DatabaseError:
        return 503, {"status": "later"}


def _so_far(opening: Opening | None) -> dict[str, Any]:
    totals = opening.totals() if opening else None
    return {"visits": totals.visits if totals else 0, "people": totals.people if totals else 0}
