"""Sharps bins that come back: by size and how full they look, or just “some”. Knows no database.

Nobody opens or counts a bin. It is an estimate, never a condition for giving anything out.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SIZES = (("small", _("Small, up to a litre")), ("medium", _("Medium, up to 5 litres")), ("large", _("Large")))
FULLNESS = (("quarter", _("a quarter")), ("half", _("half")), ("most", _("three quarters")), ("full", _("full")))
SOME = "some"

KEYS = (SOME, *(f"{size}-{how}" for size, _name in SIZES for how, _full in FULLNESS))
"""The keys of the month's tally."""

MOST = 99


def in_words(key: str) -> str:
    """What a key of the tally means."""
    size, _dash, how = key.partition("-")
    if not how:
        return str(_("some, not counted"))
    return f"{dict(SIZES)[size]} · {dict(FULLNESS)[how]}"
