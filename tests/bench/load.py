"""Everybody at once: fifty desks for a minute, a stampede for a few places, a crowd at the front page.

Nothing may be lost, counted twice, deadlock or fail; a number that is off by one ends the run with an error.
"""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random

from django.db.models import Sum
from django.urls import reverse

from hub.models import Measure, Opening, SeenVisit, Tally
from supplies.models import Outgoing
from tests.bench.budgets import percentile
from tests.bench.cast import a_post, cookies_of, crew
from tests.bench.flows import an_entry, tiles
from tests.bench.visitors import Visitor
from volunteers.models import Signup, User

DESKS, SENT_TWICE = 50, 0.1
RUNNERS, PLACES = 40, 3
CROWD = 20


@dataclass
class Load:
    """What came of one crowd."""

    what: str
    seconds: float
    times: list = field(repr=False)
    statuses: Counter
    wrong: list

    def as_json(self):
        return {
            "what": self.what,
            "seconds": round(self.seconds, 1),
            "requests": len(self.times),
            "a_second": round(len(self.times) / self.seconds, 1),
            "p50_ms": round(percentile(self.times, 50), 1),
            "p95_ms": round(percentile(self.times, 95), 1),
            "statuses": {str(status): number for status, number in sorted(self.statuses.items())},
            "wrong": self.wrong,
        }


class Crowd:
    """Threads that all begin at the same moment, each with a visitor of its own; waits are the network's included."""

    def __init__(self, visitors):
        self.visitors, self.times, self.statuses = visitors, [], Counter()
        self.start = threading.Barrier(len(visitors))
        self.problems = []

    def run(self, work):
        """`work(number, ask)` in each; `ask` is a visitor's, timed. Returns how long all of it took."""
        threads = [threading.Thread(target=self._one, args=(number, work)) for number in range(len(self.visitors))]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began

    def _one(self, number, work):
        visitor = self.visitors[number]

        def ask(method, *arguments, **fields):
            began = time.perf_counter()
            answer = getattr(visitor, method)(*arguments, **fields)
            self.times.append((time.perf_counter() - began) * 1000)
            self.statuses[answer.status] += 1
            return answer

        self.start.wait()
        try:
            work(number, ask)
        except (OSError, http.client.HTTPException) as problem:
            self.problems.append(f"{type(problem).__name__}: {problem}")
        finally:
            visitor.close()


def desks(hub, seconds=60):
    """Fifty desks log as fast as they can, one in ten sent twice; then books and receipts are compared."""
    opening, items = Opening.objects.start(kind=Opening.Kind.UNPLANNED), tiles()
    before = _books(opening)
    cookies = cookies_of(User.objects.get(username="volunteer"))
    crowd = Crowd([Visitor(hub, cookies) for _desk in range(DESKS)])
    address, until = reverse("hub:desk-visits"), time.monotonic() + seconds
    taken_in = [[] for _desk in range(DESKS)]

    def log(number, ask):
        random = Random(f"desk {number}")  # noqa: S311 -- the same every time is the point
        while time.monotonic() < until:
            entry = an_entry(random, opening.pk, items)
            for _copy in range(2 if random.random() < SENT_TWICE else 1):
                answer = ask("post_json", address, {"visits": [entry.as_json()]})
            if answer.status == HTTPStatus.OK:
                taken_in[number].append(entry)

    took = crowd.run(log)
    receipts = [entry for desk in taken_in for entry in desk]
    hub_closes(hub, opening)
    wrong = crowd.problems + _unlike({HTTPStatus.OK}, crowd.statuses)
    wrong += _differences(before, receipts, _books(opening))
    known = set(SeenVisit.objects.values_list("pk", flat=True))
    wrong += [f"{missing} receipts without a trace"] if (missing := len({e.id for e in receipts} - known)) else []
    return Load(f"{DESKS} desks for {seconds} s: {len(receipts)} visits", took, crowd.times, crowd.statuses, wrong)


def hub_closes(hub, opening):
    """Close the desk, as somebody would."""
    coordinator = Visitor(hub, cookies_of(User.objects.get(username="coordinator")))
    coordinator.post(reverse("hub:desk-close", args=[opening.pk]), note="")


def _books(opening):
    """What is written of this month and evening: visits, people, items in the tallies, items out of the stock."""
    opening.refresh_from_db()
    tallied = Tally.objects.month(opening.month)
    given = dict(tallied.filter(measure=Measure.GIVEN).values_list("key", "value"))
    gone = Outgoing.objects.filter(month=opening.month).values_list("item").annotate(n=Sum("quantity"))
    came = dict(tallied.filter(key="").values_list("measure", "value"))
    return Counter(
        {
            "visits of the evening": opening.visits or 0,
            "people of the evening": opening.people or 0,
            "visits of the month": came.get(Measure.VISITS, 0),
            "people of the month": came.get(Measure.PEOPLE, 0),
            **{f"item {item} in the tallies": n for item, n in given.items()},
            **{f"item {item} out of the stock": n for item, n in gone.order_by("item")},
        }
    )


def _differences(before, receipts, after):
    """In words, wherever the books do not say what the receipts say."""
    expected = Counter(before)
    for entry in receipts:
        expected.update({"visits of the evening": 1, "visits of the month": 1})
        expected.update({"people of the evening": entry.people, "people of the month": entry.people})
        for item, n in entry.items.items():
            expected.update({f"item {item} in the tallies": n, f"item {item} out of the stock": n})
    return [
        f"{what}: {after[what]} and not {expected[what]}"
        for what in sorted(expected.keys() | after.keys())
        if expected[what] != after[what]
    ]


def stampede(hub):
    """Forty people, three places, one moment: three are on, everybody else is told so."""
    post, people = a_post(PLACES, days=41), crew(RUNNERS)
    crowd = Crowd([Visitor(hub, cookies_of(person)) for person in people])
    address = reverse("rota:signup", args=[post.pk])
    took = crowd.run(lambda _number, ask: ask("post", address))
    on = Signup.objects.live().filter(post=post).count()
    wrong = crowd.problems + _unlike({HTTPStatus.FOUND, HTTPStatus.CONFLICT}, crowd.statuses)
    if (on, crowd.statuses[HTTPStatus.FOUND]) != (PLACES, PLACES):
        wrong.append(f"{on} on {PLACES} places, and {crowd.statuses[HTTPStatus.FOUND]} were told they are")
    return Load(f"{len(people)} people, {PLACES} places", took, crowd.times, crowd.statuses, wrong)


def front_page(hub, seconds=15):
    """Strangers, one look after the other."""
    crowd, until = Crowd([Visitor(hub) for _one in range(CROWD)]), time.monotonic() + seconds

    def look(_number, ask):
        while time.monotonic() < until:
            ask("get", "/")

    took = crowd.run(look)
    wrong = crowd.problems + _unlike({HTTPStatus.OK}, crowd.statuses)
    return Load(f"{CROWD} strangers at the front page for {seconds} s", took, crowd.times, crowd.statuses, wrong)


def _unlike(expected, statuses):
    return [f"{number} × {status}" for status, number in sorted(statuses.items()) if status not in expected]
