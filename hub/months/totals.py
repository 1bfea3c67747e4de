"""Every total of a month in words, in the order of what is counted."""

from __future__ import annotations

import datetime as dt

from django.utils.text import capfirst

from hub.core.choices import Choice
from hub.desk import question_types, sharps
from hub.desk.models.tallies import Measure, Tally
from hub.directory.models.services import Pathway
from hub.months.forms import Line
from supplies.models import Item


def lines_of(month: dt.date) -> list[Line]:
    """The tallies of one month; visits and people always, also while there are none."""
    tallied: dict[tuple[str, str], int] = {(t.measure, t.key): t.value for t in Tally.objects.month(month)}
    tallied = {(Measure.VISITS.value, ""): 0, (Measure.PEOPLE.value, ""): 0} | tallied
    words = _Words({measure for measure, _key in tallied})
    order = [*Measure.values]
    lines = [Line(measure, key, capfirst(words.of(measure, key)), n) for (measure, key), n in tallied.items()]
    return sorted(lines, key=lambda line: (order.index(line.measure), line.label))


class _Words:
    """What the keys of tallies mean; asks the database only about what there is."""

    def __init__(self, measures: set[str]) -> None:
        self.items = dict(Item.objects.values_list("pk", "name")) if Measure.GIVEN in measures else {}
        said = Measure.SAID in measures
        self.topics = dict(Choice.objects.filter(of=Choice.Of.TOPIC).values_list("pk", "name")) if said else {}
        self.pathways = dict(Pathway.objects.values_list("pk", "name")) if said else {}

    def of(self, measure: str, key: str) -> str:
        """One total in words."""
        if measure == Measure.GIVEN:
            return self.items.get(int(key), key)
        label = str(Measure(measure).label)
        if measure == Measure.BINS:
            return f"{label}: {sharps.in_words(key)}"
        return self._said(key) if measure == Measure.SAID else label

    def _said(self, key: str) -> str:
        slug, _colon, answer = key.partition(":")
        kind = question_types.KINDS[slug]
        fixed = {value: str(words) for value, words in (*question_types.NOT_SAID, *kind.answers)}
        listed = self.topics if slug == "topics" else self.pathways
        return f"{kind.label} {fixed.get(answer) or listed.get(int(answer), answer)}"
