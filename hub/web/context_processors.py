"""What every template may use."""

from copy import copy
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hub.core.hub import Hub
from hub.demo import list_sign_ins
from hub.directory.models.alerts import Alert
from hub.languages.models.languages import Language, name_of
from hub.languages.models.translations import spoken


def hub_of(request: HttpRequest) -> Hub:
    """The hub's own row, fetched once a request."""
    if not hasattr(request, "hub"):
        (request.hub,) = spoken([copy(hub_as_written(request))])  # type: ignore[attr-defined]
    hub: Hub = request.hub  # type: ignore[attr-defined]
    return hub


def hub_as_written(request: HttpRequest) -> Hub:
    """The same before it is said in the language of the page."""
    if not hasattr(request, "hub_as_written"):
        request.hub_as_written = Hub.current()  # type: ignore[attr-defined]
    hub: Hub = request.hub_as_written  # type: ignore[attr-defined]
    return hub


def the_hub(request: HttpRequest) -> dict[str, Any]:
    """The hub's own row, tonight's alerts and the demo's sign-ins, fetched when a template first asks for them."""
    return {
        "hub": SimpleLazyObject(lambda: hub_of(request)),
        "alerts_at_the_desk": SimpleLazyObject(lambda: spoken(Alert.objects.at_the_desk())),
        "languages_to_choose": SimpleLazyObject(languages_to_choose),
        "demo": settings.DEMO,
        "demo_sign_ins": SimpleLazyObject(list_sign_ins) if settings.DEMO else [],
    }


def languages_to_choose() -> list[tuple[str, str]]:
    """What anybody may choose from: code and own name of each; nothing while there is only English."""
    offered = Language.objects.offered()
    return [(code, name_of(code)) for code in (settings.LANGUAGE_CODE, *sorted(offered))] if offered else []
