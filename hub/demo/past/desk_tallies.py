"""The past's answers to the desk's questions, and the bins it saw: tallies of each month, and nothing finer."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from hub.core.choices import Choice
from hub.demo.logs import MADE_UP
from hub.demo.past.size import Size
from hub.desk.models.tallies import Measure, Tally
from hub.desk.question_types import NOT_ASKED
from hub.directory.models.services import Pathway

TOPICS, PATHWAYS = 4, 3
BINS = {"some": 2, "small-half": 5, "small-full": 9, "medium-half": 3, "medium-full": 4}
"""How many came back in a month, about: most are full, and of some nobody looked."""


def add_answers(size: Size) -> Iterator[float]:
    """Add some of each to every month. No service in it is real."""
    random = Random("said in quarters")  # noqa: S311 -- the same world every time is the point
    topics = Choice.objects.offered(Choice.Of.TOPIC).order_by("order", "pk")[:TOPICS]
    pathways = Pathway.objects.filter(name__in=[name for _kind, name, *_rest in MADE_UP]).order_by("pk")[:PATHWAYS]
    lists = {"topics": [str(topic.pk) for topic in topics], "pathways": [str(pathway.pk) for pathway in pathways]}
    for month in size.reported_months:
        answer_counts: dict[tuple[str, str], int] = {
            (Measure.ANSWERS, f"{slug}:{answer}"): random.randint(4, 9) + 2 * (len(answers) - number)
            for slug, answers in lists.items()
            for number, answer in enumerate(answers)
        }
        answer_counts |= {(Measure.ANSWERS, f"{slug}:{NOT_ASKED}"): random.randint(15, 30) for slug in lists}
        answer_counts |= {(Measure.BINS, key): about + random.randint(0, about) for key, about in BINS.items()}
        Tally.objects.add(month, answer_counts)
    yield 1
