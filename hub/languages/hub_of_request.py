"""The hub's own row for one request: fetched once, and said in the language of the page."""

from copy import copy

from django.http import HttpRequest

from hub.core.hub import Hub
from hub.languages.models.translations import translate_objects


def hub_of(request: HttpRequest) -> Hub:
    """The hub's own row, fetched once a request."""
    if not hasattr(request, "hub"):
        (request.hub,) = translate_objects([copy(hub_as_written(request))])  # type: ignore[attr-defined]
    hub: Hub = request.hub  # type: ignore[attr-defined]
    return hub


def hub_as_written(request: HttpRequest) -> Hub:
    """The same before it is said in the language of the page."""
    if not hasattr(request, "hub_as_written"):
        request.hub_as_written = Hub.current()  # type: ignore[attr-defined]
    hub: Hub = request.hub_as_written  # type: ignore[attr-defined]
    return hub
