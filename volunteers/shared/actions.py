"""Runs the verb of a model for a view: its success is told, its refusal shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from volunteers.shared.refusals import NotAllowed

NOT_SENT_AGAIN = ("csrfmiddlewaretoken", "form_key", "sure")


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


def ask_first(  # noqa: PLR0913 -- what a page needs to ask
    request: HttpRequest, losses: list[str], *, title: str, label: str, back: str, instead: str = ""
) -> HttpResponse | None:
    """The page that says what would be lost and asks for a yes; None if nothing would, or yes was said.

    The second step sends again what the first has sent. `instead` names what could be done without losing it.
    """
    if not losses or request.POST.get("sure") == "yes":
        return None
    posted = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_SENT_AGAIN]
    shown = {"title": title, "losses": losses, "label": label, "back": back, "instead": instead, "posted": posted}
    return render(request, "ui/confirm.html", shown | {"action": request.path})
