"""Question types: the questions a desk may ask on a visit, and their answers. Knows no database.

Each is off until a coordinator turns it on, is never required, and always has three ways not to answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_ASKED = "not_asked"
NON_ANSWERS = ((NOT_ASKED, _("Not asked")), ("dont_know", _("Don’t know")), ("rather_not", _("Rather not say")))
MAX_ANSWERS = 30
MAX_ANSWER_LENGTH = 20


@dataclass(frozen=True)
class QuestionType:
    """One question with its answers. `several` answers may be chosen where they come from a list of the hub's own."""

    slug: str
    label: Promise
    answers: tuple[tuple[str, Promise], ...] = ()
    several: bool = False


QUESTION_TYPES = {
    kind.slug: kind
    for kind in (
        QuestionType(
            "collecting",
            _("Collecting for others?"),
            (
                ("nobody", _("Only for themselves")),
                ("one", _("For 1 more")),
                ("few", _("2 to 4")),
                ("many", _("5 or more")),
            ),
        ),
        QuestionType("first", _("First time here?"), (("yes", _("Yes")), ("no", _("No")))),
        QuestionType("topics", _("What was talked about?"), several=True),
        QuestionType("pathways", _("Where did you point them to?"), several=True),
    )
}

Answers = Mapping[str, tuple[str, ...]]
"""The answers of one visit, by question."""


def read_answers(raw: object) -> dict[str, tuple[str, ...]] | None:
    """The answers a device sent, within bounds; None if they cannot be read."""
    if not isinstance(raw, dict) or not set(raw) <= set(QUESTION_TYPES):
        return None
    checked = {}
    for slug, answers in sorted(raw.items()):
        if not isinstance(answers, list) or not 1 <= len(answers) <= MAX_ANSWERS:
            return None
        if not all(_is_answer(answer) for answer in answers):
            return None
        if not QUESTION_TYPES[slug].several and len(answers) > 1:
            return None
        checked[slug] = tuple(sorted(set(answers)))
    return checked


def build_keys(answers: Answers, offered: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys of the month's tallies for them: only for questions that are asked, and for answers they offer."""
    return [
        f"{slug}:{answer}"
        for slug, chosen in sorted(answers.items())
        if slug in offered
        for answer in chosen
        if answer in offered[slug]
    ]


def _is_answer(answer: object) -> bool:
    if not isinstance(answer, str) or not 0 < len(answer) <= MAX_ANSWER_LENGTH:
        return False
    return answer.isascii() and answer.replace("_", "a").isalnum()
