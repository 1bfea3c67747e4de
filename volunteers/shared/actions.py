"""Runs the verb of a model for a view: its success is told, its refusal shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from volunteers.shared.refusals import NotAllowed


class ShowsRefusal(Protocol):
    """A function that renders the page with the reasons for a refusal."""

    def __call__(self, *, status: int, refusal: NotAllowed) -> HttpResponse:
        """The page, with this status."""


def run_or_refuse(
    request: HttpRequest,
    verb: Callable[[], object],
    *,
    success: str,
    then: HttpResponse,
    page: ShowsRefusal | None = None,
) -> HttpResponse:
    """Run a verb, tell of its success, and go on to `then`.

    If it is refused, the answer is `page` with the reasons. Without a page `then` shows them as a message.
    """
    try:
        verb()
    except NotAllowed as refusal:
        if page is not None:
            return page(status=409, refusal=refusal)
        messages.error(request, str(refusal))
        return then
    if success:
        messages.success(request, success)
    return then
