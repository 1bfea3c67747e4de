"""The demo's earlier years, as months and nothing finer, and its last full quarter published for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from random import Random

from hub.core.periods import Period, Span, months_on
from hub.desk.models.openings import Opening
from hub.desk.models.tallies import Measure, Tally
from hub.months.models import Month
from hub.reports.models.publishing import preview_report, publish_report
from supplies.models import CompletedMonth, Movement, Store

EARLIER = 20
"""So many months before the others, so that a trend and the year before have something to show."""

GROWS = 0.975
"""How many fewer people came, a month earlier each time."""

LEARNED = """\
We moved the hot drinks to the door, and people stay longer since. They talk more, too: about nitazenes, and about \
what to do when somebody beside them goes over.

Tuesdays fill up early. Whoever can wait comes on a Friday now.\
"""
ARGUMENT = """\
People ask for pipes every week and we have to say no: the law stops us. Smoking is safer than injecting, and a pipe \
costs less than the syringe it would replace.

What we ran out of, people had come for. A standing order would cost less than the trips to fetch it.\
"""


def add_earlier_months(first: dt.date, given: Mapping[int, int], weekdays: Collection[int]) -> None:
    """The months before `first`: openings on these days of the week, tallies and the ledger.

    `given` is about how much of each goes out in a month.
    """
    random = Random("a hub that grows")  # noqa: S311 -- the same world every time is the point
    store = Store.objects.main()
    openings, movements = [], []
    for back in range(1, EARLIER + 1):
        month, share = months_on(first, -back), GROWS**back
        days = [month + dt.timedelta(days=n) for n in range((months_on(month, 1) - month).days)]
        days = [day for day in days if day.weekday() in weekdays]
        visits = [max(1, round(random.randint(5, 17) * share)) for _day in days]
        people = [n + random.randint(0, 3) for n in visits]
        openings += [
            Opening(
                date=day,
                kind=Opening.Kind.PLANNED,
                state=Opening.State.CLOSED,
                visits=visited,
                people=came,
            )
            for day, visited, came in zip(days, visits, people, strict=True)
        ]
        amounts = {item: round(n * share * random.uniform(0.7, 1.2)) for item, n in given.items()}
        Tally.objects.add(
            month,
            {
                (Measure.VISITS, ""): sum(visits),
                (Measure.PEOPLE, ""): sum(people),
                **{(Measure.GIVEN, str(item)): n for item, n in amounts.items()},
            },
        )
        for item, n in sorted(amounts.items()):
            if n:
                movements += [
                    Movement(kind="counted", item_id=item, store=store, quantity=n, made_on=month),
                    Movement(kind="given_out", item_id=item, store=store, quantity=-n, month=month),
                ]
        CompletedMonth.objects.create(month=month)
    Opening.objects.bulk_create(openings)
    Movement.objects.bulk_create(movements)


def publish_quarter(today: dt.date) -> None:
    """Complete the last full quarter, and publish it with a few words."""
    quarter = Period.of(today, Span.QUARTER).before
    for month in quarter.months:
        Month(month).complete_month()
    seen = preview_report(quarter).fingerprint
    publish_report(quarter, number=1, seen=seen, learned=LEARNED, argument=ARGUMENT)
