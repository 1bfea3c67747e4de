"""The method of the numbers, in sentences: one card that every edition, `/numbers/` and `/confidentiality/` show."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hub.disclosure.buckets import ANSWERED_AT_LEAST, MAX_HIDDEN, STEP


def describe_method(threshold: int = MAX_HIDDEN, step: int = STEP) -> list[str]:
    """Return what happens to a number about people before anybody sees it. An edition passes its own constants."""
    about = {"most": threshold, "step": step, "answers": ANSWERED_AT_LEAST}
    return [
        _("We round every number about people once, before we add anything up."),
        _("From 1 to %(most)d we show a star (*). From %(next)d on, we round to the nearest %(step)d. Zero stays zero.")
        % {**about, "next": threshold + 1},
        _(
            "We work out sums, shares, averages and costs from the rounded numbers, never from the true ones. A "
            "star counts as 1 to %(most)d, so a sum with a star is a range. You can check every sum."
        )
        % about,
        _(
            "We count ordinary things by the month. Rare things, and things that could show who somebody is, we "
            "count by the quarter or the year."
        ),
        _("We show answers to questions as shares only, and only if there were %(answers)d or more.") % about,
        _(
            "We do not count a number again after we show it. A star or zero stays, even if we corrected it later. "
            "For other numbers, a later edition shows the correction, with its date."
        ),
        _(
            "A dash (–) has three possible reasons. We cannot say it. We count it for a longer time only. Or a "
            "number beside it would show too much. A dash is not zero."
        ),
    ]
