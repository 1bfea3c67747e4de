"""The questions a desk may ask on a visit, and what an answer can be. Knows no database.

Each is off until a coordinator turns it on, is never required, and always has three ways not to answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_ASKED = "not_asked"
NOT_SAID = ((NOT_ASKED, _("Not asked")), ("dont_know", _("Don’t know")), ("rather_not", _("Rather not say")))
MOST_ANSWERS = 30
LONGEST = 20


@dataclass(frozen=True)
class Kind:
    """One question: its words, and its answers; `several` may be chosen where they come from a list of the hub's."""

    slug: str
    label: Promise
    answers: tuple[tuple[str, Promise], ...] = ()
    several: bool = False


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "collecting",
            _("Collecting for others?"),
            (
                ("nobody", _("Only for themselves")),
                ("one", _("For 1 more")),
                ("few", _("2 to 4")),
                ("many", _("5 or more")),
            ),
        ),
        Kind("first", _("First time here?"), (("yes", _("Yes")), ("no", _("No")))),
        Kind("topics", _("What was talked about?"), several=True),
        Kind("pathways", _("Pointed to where?"), several=True),
    )
}

Said = Mapping[str, tuple[str, ...]]
"""What was said on one visit: question → answers."""


def read(raw: object) -> dict[str, tuple[str, ...]] | None:
    """What a device says was said, within bounds; None if it cannot be that."""
    if not isinstance(raw, dict) or not set(raw) <= set(KINDS):
        return None
    said = {}
    for slug, answers in sorted(raw.items()):
        if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_ANSWERS:
            return None
        if not all(isinstance(one, str) and 0 < len(one) <= LONGEST and _plain(one) for one in answers):
            return None
        if not KINDS[slug].several and len(answers) > 1:
            return None
        said[slug] = tuple(sorted(set(answers)))
    return said


def keys(said: Said, offered: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys of the month's tally for it: only of questions that are asked, and of answers they offer."""
    return [
        f"{slug}:{answer}"
        for slug, answers in sorted(said.items())
        if slug in offered
        for answer in answers
        if answer in offered[slug]
    ]


def _plain(answer: str) -> bool:
    return answer.isascii() and answer.replace("_", "a").isalnum()
