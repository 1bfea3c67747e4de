"""Public pages: marks the views whose page is equal for everybody, so that caches and search engines may be told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Mark a page that is equal for everybody who is not signed in. `@login_not_required` opens it; this names it.

    How long caches may keep it, and whether search engines may list it, is decided elsewhere:
    `hub.web.middleware.public_cache_middleware`.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.is_public_page = True  # type: ignore[attr-defined]
        return response

    return wrapped
