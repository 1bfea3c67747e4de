"""Variables that every template may use."""

import base64
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from hub.demo import list_sign_ins
from hub.directory.models.alerts import Alert
from hub.languages.hub_of_request import hub_of
from hub.languages.models.languages import Language, language_name
from hub.languages.models.translations import translate_objects


def hub_context(request: HttpRequest) -> dict[str, Any]:
    """The hub's own row, tonight's alerts and the demo's sign-ins, fetched when a template first asks for them."""
    return {
        "kept_key": SimpleLazyObject(lambda: make_kept_key(request)),
        "hub": SimpleLazyObject(lambda: hub_of(request)),
        "alerts_at_the_desk": SimpleLazyObject(lambda: translate_objects(Alert.objects.shown_at_desk())),
        "languages_to_choose": SimpleLazyObject(find_languages_to_choose),
        "public_calendar": SimpleLazyObject(find_public_calendar),
        "demo": settings.DEMO,
        "demo_sign_ins": SimpleLazyObject(list_sign_ins) if settings.DEMO else [],
    }


def make_kept_key(request: HttpRequest) -> str:
    """The key that seals what somebody typed, on their device, while they sign in again. Nobody else is given it."""
    secret = f"{request.user.pk}:{request.user.sessions_key}"  # type: ignore[union-attr]
    return base64.b64encode(salted_hmac("hub.kept_words", secret, algorithm="sha256").digest()).decode()


def find_public_calendar() -> dict[str, str]:
    """The address of the public calendar, and the same as calendars on a phone open it."""
    address = settings.SITE_URL.rstrip("/") + reverse("hub:public-calendar")
    return {"address": address, "webcal": f"webcal:{address.partition(':')[2]}"}


def find_languages_to_choose() -> list[tuple[str, str]]:
    """Languages anybody may choose: code and own name of each; nothing while there is only English."""
    offered = Language.objects.offered()
    return [(code, language_name(code)) for code in (settings.LANGUAGE_CODE, *sorted(offered))] if offered else []
