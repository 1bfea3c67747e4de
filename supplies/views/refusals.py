"""Refusals: a verb without a form is run, and its page says why where it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from supplies.requests import AuthenticatedRequest


class RefusalPage(Protocol):
    """A page that can say why something was not done."""

    def __call__(self, *, status: int, reasons: list[str]) -> HttpResponse:
        """The page as it is now."""


def run_or_refuse(
    request: AuthenticatedRequest,
    verb: Callable[[], object],
    *,
    success: str,
    page: RefusalPage,
    then: HttpResponse,
) -> HttpResponse:
    """Run a model's verb, tell of its success and go on to `then`; or show the page with the reasons for a refusal."""
    try:
        verb()
    except ValidationError as refusal:
        return page(status=409, reasons=refusal.messages)
    messages.success(request, success)
    return then
