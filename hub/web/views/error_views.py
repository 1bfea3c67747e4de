"""When something is broken: a database that is away, two people who met in one row, and everything else."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus

import psycopg
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import bad_request as default_bad_request
from django.views.defaults import server_error
from procrastinate.exceptions import ConnectorException

from hub.directory.default_emergency_cards import STARTING_CARDS, WORDS_FOR_999
from hub.public import offline_copy

# PostgreSQL's classes for a connection that failed, a server that is stopping or starting, and one that is full.
AWAY = ("08", "57P", "53")
# Its codes for what happens only when two people meet: the same row made twice, a row pointed at that is gone, two
# in one place, and two that wait for each other.
MET = ("23505", "23503", "23P01", "40001", "40P01")
logger = logging.getLogger(__name__)


def is_database_unavailable(problem: BaseException | None) -> bool:
    """Whether this says that the database cannot be reached, rather than that it refused something."""
    if problem is None:
        return False
    cause = problem.__cause__
    # A job that cannot be written down says so in words of its own.
    if isinstance(problem, ConnectorException):
        failed = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    else:
        failed = isinstance(problem, OperationalError | InterfaceError)
    state = getattr(cause, "sqlstate", None)
    return failed and (state is None or state.startswith(AWAY))


def is_conflict(problem: BaseException) -> bool:
    """Whether somebody else was faster: what this was about is gone, or was made or taken at this moment."""
    if isinstance(problem, ObjectDoesNotExist):
        return True
    # Django says so, and names no cause, where the row to write is gone.
    return isinstance(problem, DatabaseError) and (
        (type(problem) is DatabaseError and problem.__cause__ is None)
        or getattr(problem.__cause__, "sqlstate", None) in MET
    )


def conflict(request: HttpRequest, problem: BaseException) -> HttpResponse:
    """Say that somebody else was faster, and that nothing of this was saved. A view that foresees it says it better."""
    logger.warning("Two people met, and one was asked to look again.", exc_info=problem)
    return render(request, "409.html", status=HTTPStatus.CONFLICT)


def key_lost(request: HttpRequest) -> HttpResponse:
    """Say that this was sealed with a key that was changed since, and who can help."""
    return render(request, "key_lost.html", status=HTTPStatus.CONFLICT)


def database_unavailable(request: HttpRequest) -> HttpResponse:
    """Answer without the database: on the front page when we open, everywhere what to do in an overdose."""
    page = offline_copy.last() if request.path == "/" else None
    if page is None:
        # One leads to the other: an overdose is about naloxone and about breathing.
        cards = [card for card in STARTING_CARDS if card.first]
        sent = request.method not in ("GET", "HEAD")
        page = render_to_string("503.html", {"cards": cards, "words": WORDS_FOR_999, "sent": sent})
    answer = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = "60"
    answer["Cache-Control"] = "no-store"
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what did not arrive as it should; for what was too large, the page that says so."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return default_bad_request(request, exception)
    return HttpResponse(render_to_string("413.html"), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def server_failure(request: HttpRequest) -> HttpResponse:
    """Answer a failure before or after a view, where no middleware of ours is asked."""
    return database_unavailable(request) if is_database_unavailable(sys.exc_info()[1]) else server_error(request)
