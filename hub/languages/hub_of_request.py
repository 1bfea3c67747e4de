"""The hub's row, fetched once a request, and translated into the language of the page."""

from copy import copy

from django.http import HttpRequest

from hub.core.hub import Hub
from hub.languages.models.translations import translate_objects
from volunteers.shared import locality


def hub_of(request: HttpRequest) -> Hub:
    """The hub's row in the language of the page."""
    if not hasattr(request, "hub"):
        (request.hub,) = translate_objects([copy(hub_as_written(request))])  # type: ignore[attr-defined]
    hub: Hub = request.hub  # type: ignore[attr-defined]
    return hub


def hub_as_written(request: HttpRequest) -> Hub:
    """The hub's row before translation."""
    if not hasattr(request, "hub_as_written"):
        request.hub_as_written = Hub.current()  # type: ignore[attr-defined]
        # It costs nothing here, and no other process is asked.
        locality.adopt(request.hub_as_written.locality)  # type: ignore[attr-defined]
    hub: Hub = request.hub_as_written  # type: ignore[attr-defined]
    return hub
