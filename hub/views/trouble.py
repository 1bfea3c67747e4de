"""When something is broken: the page for a database that is away, and the one for everything else."""

from __future__ import annotations

import sys
from http import HTTPStatus

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error
from procrastinate.exceptions import ConnectorException

from hub import last_page
from hub.emergency_cards import STARTING_CARDS, WORDS_FOR_999

# PostgreSQL's classes for a connection that failed, a server that is stopping or starting, and one that is full.
AWAY = ("08", "57P", "53")


def is_away(problem: BaseException | None) -> bool:
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


def away(request: HttpRequest) -> HttpResponse:
    """What we can say without it: on the front page when we open, and everywhere what to do in an overdose."""
    page = last_page.last() if request.path == "/" else None
    if page is None:
        # The first one sends whoever reads it on to the second.
        naloxone, breathing, *_others = STARTING_CARDS
        page = render_to_string("503.html", {"card": naloxone, "next": breathing, "words": WORDS_FOR_999})
    answer = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = "60"
    answer["Cache-Control"] = "no-store"
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Whatever went wrong before or after a view, where no middleware of ours is asked."""
    return away(request) if is_away(sys.exc_info()[1]) else server_error(request)
