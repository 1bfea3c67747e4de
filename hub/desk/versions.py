"""Two versions under one key: what is written, and what was sent, as sentences to compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.desk import question_types
from supplies.models import Item


def describe_versions(kept: Iterable[str], sent: Iterable[str]) -> list[str]:
    """A sentence for each version, the one that counts first."""
    return [
        _("Written down: %(version)s.") % {"version": " · ".join(kept)},
        _("Sent now: %(version)s.") % {"version": " · ".join(sent)},
    ]


def describe_visit(people: int, items: Mapping[int, int], answers: question_types.Answers) -> list[str]:
    """A visit in words: how many people, what they took, and what they answered."""
    names = dict(Item.objects.filter(pk__in=items).values_list("pk", "name"))
    taken = [f"{quantity} × {names.get(item, '?')}" for item, quantity in sorted(items.items())]
    said = [
        f"{question_types.QUESTION_TYPES[slug].label} {', '.join(_name_answer(slug, answer) for answer in chosen)}"
        for slug, chosen in sorted(answers.items())
        if {*chosen} != {question_types.NOT_ASKED}
    ]
    return [ngettext("%(n)d person", "%(n)d people", people) % {"n": people}, *taken, *said]


def _name_answer(slug: str, answer: str) -> str:
    answers = dict((*question_types.QUESTION_TYPES[slug].answers, *question_types.NON_ANSWERS))
    return str(answers.get(answer, answer))
