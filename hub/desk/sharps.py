"""Sharps bins that come back: their sizes and how full they look, or just “some”. Knows no database.

Nobody opens or counts a bin. It is an estimate, never a condition for giving anything out.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SIZES = (("small", _("Small, up to a litre")), ("medium", _("Medium, up to 5 litres")), ("large", _("Large")))
FULLNESS = (("quarter", _("a quarter")), ("half", _("half")), ("most", _("three quarters")), ("full", _("full")))
SOME = "some"

KEYS = (SOME, *(f"{size}-{how}" for size, _name in SIZES for how, _full in FULLNESS))
"""Keys of the month's tallies."""

MAX_BINS = 99


def describe_key(key: str) -> str:
    """The words for a key of the tallies."""
    size, _dash, how = key.partition("-")
    if not how:
        return str(_("some, not counted"))
    return f"{dict(SIZES)[size]} · {dict(FULLNESS)[how]}"
