"""The method of the numbers, in sentences: one card that every edition, `/numbers/` and `/confidentiality/` show."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hub.disclosure.buckets import ANSWERED_AT_LEAST, MAX_HIDDEN, STEP


def describe_method(threshold: int = MAX_HIDDEN, step: int = STEP) -> list[str]:
    """Return what happens to a number about people before anybody sees it. An edition passes its own constants."""
    about = {"most": threshold, "step": step, "answers": ANSWERED_AT_LEAST}
    return [
        _("Every number about people is rounded once, before anything is added up."),
        _(
            "From 1 to %(most)d it is a star (*). From %(next)d on it is rounded to the nearest %(step)d. "
            "Nought is nought."
        )
        % {**about, "next": threshold + 1},
        _(
            "Sums, shares, averages and costs are worked out from those, never from the true numbers. A star counts as "
            "1 to %(most)d, so a sum with one in it is a range. You can check every sum."
        )
        % about,
        _("Ordinary things are counted by the month. What is rare, or tells of somebody, by the quarter or the year."),
        _("Answers to questions are shown as shares only, and only where %(answers)d or more were given.") % about,
        _(
            "A number once shown is never counted again. What was shown as a star or as nought stays so, even if it "
            "was put right. Another is put right in a later edition, with its date."
        ),
        _(
            "A dash (–) means that we cannot say, that it is only counted for a longer time, or that a number beside "
            "it would tell too much. That is not nought."
        ),
    ]
