"""Pages for strangers: the mark a view wears so that caches and search engines may be told about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def for_anybody(view: View) -> View:
    """Mark a page that is the same for every stranger. `@login_not_required` opens it; this says what it is.

    What follows from it (how long it may be kept, whether it may be listed) is the building's own business:
    `hub.web.middleware.public_cache_middleware`.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.for_anybody = True  # type: ignore[attr-defined]
        return response

    return wrapped
