"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hub.models import Alert, Hub


def the_hub(_request: HttpRequest) -> dict[str, Any]:
    """The hub's own row and tonight's alerts, fetched when a template first asks; and whether this is the demo."""
    return {
        "hub": SimpleLazyObject(Hub.current),
        "alerts_at_the_desk": SimpleLazyObject(lambda: list(Alert.objects.at_the_desk())),
        "demo": settings.DEMO,
    }
