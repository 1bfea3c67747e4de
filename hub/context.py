"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hub.models import Hub


def the_hub(_request: HttpRequest) -> dict[str, Any]:
    """The hub's own row, fetched when a template first asks for it, and whether this is the demo."""
    return {"hub": SimpleLazyObject(Hub.current), "demo": settings.DEMO}
