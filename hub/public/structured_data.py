"""Opening times as schema.org, for the search engines of a hub that lets itself be listed. Knows no database.

Source: https://schema.org/OpeningHoursSpecification, where one that opens and closes at midnight means closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from hub.core.hub import Hub
from hub.public.opening_times import PlannedOpening

CLOSED = {"opens": "00:00", "closes": "00:00"}
# As Django's json_script does: no text of ours may end the script that holds it.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def describe_place(hub: Hub, openings: Iterable[PlannedOpening], home: str) -> dict[str, Any]:
    """The hub as a place with its dates. Its address is in there only if anybody may see it."""
    dates = list(openings)
    described = {
        "@context": "https://schema.org",
        "@type": "Place",
        "name": hub.name,
        "url": home,
        "publicAccess": True,
        "isAccessibleForFree": True,
        "openingHoursSpecification": [_describe_opening(each) for each in dates if not each.cancelled],
        "specialOpeningHoursSpecification": [_describe_opening(each) | CLOSED for each in dates if each.cancelled],
    }
    if hub.show_address and hub.address:
        described["address"] = hub.address
    return described


def write_json(described: dict[str, Any]) -> SafeString:
    """The description as a script's content, which nothing in it can end."""
    text = json.dumps(described, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 -- escaped on the line above


def _describe_opening(opening: PlannedOpening) -> dict[str, str]:
    opens, closes = timezone.localtime(opening.opens), timezone.localtime(opening.closes)
    return {
        "@type": "OpeningHoursSpecification",
        "validFrom": opens.date().isoformat(),
        "validThrough": opens.date().isoformat(),
        "dayOfWeek": f"https://schema.org/{opens:%A}",
        "opens": f"{opens:%H:%M}",
        "closes": f"{closes:%H:%M}",
    }
