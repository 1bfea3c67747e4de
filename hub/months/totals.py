"""Totals of a month in words, in the order of their measures."""

from __future__ import annotations

import datetime as dt

from django.utils.text import capfirst

from hub.core.choices import Choice
from hub.desk import question_types, sharps
from hub.desk.models.tallies import Measure, Tally
from hub.directory.models.services import Pathway
from hub.months.forms import MonthTotal
from supplies.models import Item


def build_totals(month: dt.date) -> list[MonthTotal]:
    """Every tally of one month as a total; visits and people always, also while there are none."""
    tallied: dict[tuple[str, str], int] = {(t.measure, t.key): t.value for t in Tally.objects.month(month)}
    tallied = {(Measure.VISITS.value, ""): 0, (Measure.PEOPLE.value, ""): 0} | tallied
    labels = _Labels({measure for measure, _key in tallied})
    order = [*Measure.values]
    totals = [MonthTotal(measure, key, capfirst(labels.get(measure, key)), n) for (measure, key), n in tallied.items()]
    return sorted(totals, key=lambda total: (order.index(total.measure), total.label))


class _Labels:
    """Labels of tallies. It reads only the lists that these measures need."""

    def __init__(self, measures: set[str]) -> None:
        self.items = dict(Item.objects.values_list("pk", "name")) if Measure.GIVEN in measures else {}
        answered = Measure.ANSWERS in measures
        self.topics = dict(Choice.objects.filter(of=Choice.Of.TOPIC).values_list("pk", "name")) if answered else {}
        self.pathways = dict(Pathway.objects.values_list("pk", "name")) if answered else {}

    def get(self, measure: str, key: str) -> str:
        """The label of one tally."""
        if measure == Measure.GIVEN:
            return self.items.get(int(key), key)
        if measure == Measure.ANSWERS:
            return self._get_answer(key)
        label = str(Measure(measure).label)
        return f"{label}: {sharps.describe_key(key)}" if measure == Measure.BINS else label

    def _get_answer(self, key: str) -> str:
        slug, _colon, answer = key.partition(":")
        kind = question_types.QUESTION_TYPES[slug]
        fixed = {value: str(words) for value, words in (*question_types.NON_ANSWERS, *kind.answers)}
        listed = self.topics if slug == "topics" else self.pathways
        return f"{kind.label} {fixed.get(answer) or listed.get(int(answer), answer)}"
