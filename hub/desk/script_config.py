"""Configuration of the desk's scripts, which the page holds as JSON: addresses, totals so far, and their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.core import periods
from hub.desk.models.openings import Opening, Totals
from supplies.models import Item

ACIDS = ("citric", "vitamin-c")
"""As a rule one sachet a syringe. More sachets are a reason to offer more syringes, and never to give fewer."""

MAX_PARTS = 3
"""So many parts fit on a tile. Where there are more, the last line says how many."""


def build_script_config(
    opening: Opening | None = None, totals: Totals | None = None, tiles: Sequence[Item] = ()
) -> dict[str, Any]:
    """The content of `#desk-config`. Without totals, as in the page kept for offline, the script asks for them."""
    query = f"?opening={opening.pk}" if opening else ""
    return {
        "opening": opening.pk if opening else None,
        **build_moment(),
        "session": reverse("hub:desk-session") + query,
        "send": reverse("hub:desk-visits") + query,
        "send_missing": reverse("hub:missing-sent"),
        "send_entry": reverse("hub:log-sent"),
        "worker": reverse("hub:desk-worker"),
        "shell": reverse("hub:desk-shell"),
        "scope": reverse("hub:desk"),
        "late_days": periods.LATE_DAYS,
        "visits": totals.visits if totals else None,
        "people": totals.people if totals else None,
        "items": {str(item.pk): item.name for item in tiles},
        "bundles": {
            str(item.pk): {str(part.item_id): part.quantity for part in item.parts} for item in tiles if item.is_bundle
        },
        "sets": [str(item.pk) for item in tiles if item.counts_as_set],
        "acids": [str(item.pk) for item in tiles if item.slug in ACIDS],
        "words": _build_words(),
    }


def build_moment() -> dict[str, Any]:
    """The evening it is and the moment, in milliseconds: a device does not believe its own clock."""
    evening = periods.tonight()
    ends = periods.over_at(evening, ZoneInfo(timezone.get_current_timezone_name()))
    return {
        "evening": evening.isoformat(),
        "now": int(timezone.now().timestamp() * 1000),
        "ends": int(ends.timestamp() * 1000),
    }


def _build_words() -> dict[str, str]:
    """The words of the scripts. `_one` is for one, `_many` for several."""
    return {
        "log_nothing": _("Log visit · no items"),
        "log_one": _("Log visit · 1 item"),
        "log_many": _("Log visit · {n} items"),
        "logged": _("Visit logged"),
        "counted": _("Counted. It helps us decide what to stock."),
        "not_counted": _("Undone. It is not counted."),
        "undone": _("Undone. You can change the visit on the screen."),
        "more_acid": _("There is more acid than syringes. Offer more syringes? A new one for every time."),
        "all_sent": _("All sent"),
        "sending_one": _("1 saved here, sending"),
        "sending_many": _("{n} saved here, sending"),
        "waiting_one": _("1 saved here, waiting for wifi"),
        "waiting_many": _("{n} saved here, waiting for wifi"),
        "offline": _("No wifi. Keep logging."),
        "troubled_one": _("1 saved here. The hub does not answer. We keep trying."),
        "troubled_many": _("{n} saved here. The hub does not answer. We keep trying."),
        "troubled": _("The hub does not answer. Keep logging."),
        "ended_one": _("1 saved here. Sign in or pair this device to send it."),
        "ended_many": _("{n} saved here. Sign in or pair this device to send them."),
        "ended": _("You are signed out. Sign in or pair this device to go on."),
        "since_one": _("1 saved here from an earlier evening. Take this device to a place with wifi soon."),
        "since_many": _("{n} saved here, some from an earlier evening. Take this device to a place with wifi soon."),
        "too_old_one": _("1 saved here is too old to send"),
        "too_old_many": _("{n} saved here are too old to send"),
        "too_old_why": _(
            "These are more than %(days)d days old. A coordinator can add them to the month’s totals by hand. Ask "
            "one before you delete them from this device."
        )
        % {"days": periods.LATE_DAYS},
        "unsure_one": _("1 saved here: which evening was it?"),
        "unsure_many": _("{n} saved here: which evening were they?"),
        "unsure_why": _(
            "The date on this device was wrong, so we do not know the evening. If it was another evening, add them "
            "under “Catch up”. Then delete them from this device."
        ),
        "not_read": _("We cannot see what is saved on this device. Leave this page open."),
        "month": _("Month"),
        "visits": _("Visits"),
        "people": _("People"),
        "missing": _("Asked for, not here: {n}"),
        "something": _("Something that no longer has a tile"),
        "no_question": _("An answer to a question we no longer ask"),
    }


def describe_bundle(bundle: Item) -> str:
    """The first parts of a bundle, for its tile. The full list stands where something can be left out."""
    parts = [f"{part.quantity} × {part.item.name}" for part in bundle.parts]
    if len(parts) > MAX_PARTS:
        more = len(parts) - MAX_PARTS + 1
        parts[MAX_PARTS - 1 :] = [ngettext("%(n)d other thing", "%(n)d other things", more) % {"n": more}]
    return ", ".join(parts)
