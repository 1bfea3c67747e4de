"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hub.demo import sign_ins
from hub.models import Hub


def the_hub(_request: HttpRequest) -> dict[str, Any]:
    """The hub's own row and the demo's sign-ins, fetched when a template first asks for them; and whether it is one."""
    return {
        "hub": SimpleLazyObject(Hub.current),
        "demo": settings.DEMO,
        "demo_sign_ins": SimpleLazyObject(sign_ins) if settings.DEMO else [],
    }
