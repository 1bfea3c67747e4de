"""The reasons why a place stayed empty, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.fill.types import FillReason


def sentence(what: str, why: Mapping[str, int]) -> str:
    """The sentence for one gap; `what` names its qualification, and is empty where the School is enough."""
    pool = sum(why.values())
    if not pool:
        return _("Nobody will have “%(what)s” on that day.") % {"what": what} if what else _("Nobody may take it yet.")
    if what:
        who = ngettext("One person holds “%(what)s”", "%(number)s people hold “%(what)s”", pool)
    else:
        who = ngettext("One person could be asked", "%(number)s people could be asked", pool)
    pool_sentence = who % {"number": _capitalise(_number(pool)), "what": what}
    kept = [
        _describe_obstacle(FillReason(reason), number, pool)
        for reason, number in sorted(why.items(), key=lambda item: -item[1])
    ]
    return f"{pool_sentence}: {'; '.join(kept)}."


def _describe_obstacle(reason: FillReason, number: int, pool: int) -> str:
    if pool == 1:
        who = _("they")
    elif number == pool:
        who = _("both") if number == 2 else _("all")  # noqa: PLR2004 -- two are both
    else:
        who = _number(number)
    # Of one among several “has”; of “they”, “both” and “two” it is “have”.
    several = 1 if number == 1 and pool > 1 else 2
    return _words(reason, several) % {"who": who}


def _words(reason: FillReason, several: int) -> str:
    words = {
        FillReason.SAID_NO: ngettext("%(who)s said no", "%(who)s said no", several),
        FillReason.SILENT: ngettext("%(who)s has not answered", "%(who)s have not answered", several),
        FillReason.BARRED: ngettext("%(who)s is on a break", "%(who)s are on a break", several),
        FillReason.HERE_ALREADY: ngettext(
            "%(who)s is on this shift already", "%(who)s are on this shift already", several
        ),
        FillReason.TOO_NEAR: ngettext(
            "%(who)s is on another shift too close to it", "%(who)s are on other shifts too close to it", several
        ),
        FillReason.WEEK_FULL: ngettext(
            "%(who)s has the most shifts possible that week",
            "%(who)s have the most shifts possible that week",
            several,
        ),
        FillReason.HAS_ENOUGH: ngettext(
            "%(who)s has as many shifts as they want", "%(who)s have as many shifts as they want", several
        ),
        FillReason.NEW_ALONE: ngettext(
            "%(who)s is new, and nobody experienced is on it",
            "%(who)s are new, and nobody experienced is on it",
            several,
        ),
        FillReason.NO_PLACE: ngettext(
            "%(who)s could come, but their places are already taken",
            "%(who)s could come, but their places are already taken",
            several,
        ),
        FillReason.NOT_TRIED: ngettext(
            "%(who)s may be free: we stopped the search early",
            "%(who)s may be free: we stopped the search early",
            several,
        ),
    }
    return words[reason]


def _number(number: int) -> str:
    words = [_("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine")]
    return words[number - 1] if 1 <= number <= len(words) else str(number)


def _capitalise(word: str) -> str:
    return word[:1].upper() + word[1:]
