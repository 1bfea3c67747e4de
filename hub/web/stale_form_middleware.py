"""Forms that were opened before somebody else saved: answered with what changed, and with one's own words kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hub.web.views.stale_form import show_stale_form
from volunteers.shared.forms.edits import StaleForm

GetResponse = Callable[[HttpRequest], HttpResponse]


class StaleFormMiddleware:
    """Answer a stale form with 409, wherever in whichever view it was noticed."""

    def __init__(self, get_response: GetResponse) -> None:
        """A class, since Django asks for a bound method where a view fails."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Only if a form says that it is stale."""
        return show_stale_form(request, problem) if isinstance(problem, StaleForm) else None
