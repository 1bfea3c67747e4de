"""How long filling a rota takes, and how good it is: `python -m tests.bench.fill_a_rota [weeks] [people]`."""

import datetime as dt
import resource
import sys
import time
from random import Random
from zoneinfo import ZoneInfo

from volunteers.fill import FillAnswer, FillHolding, FillPerson, FillPost, FillRules, FillShift, fill

LONDON = ZoneInfo("Europe/London")
MONDAY = dt.date(2026, 3, 2)
EVENINGS = (1, 3, 4, 5)  # Tuesday, Thursday, Friday, Saturday
SAID = (FillAnswer.YES, FillAnswer.IF_NEEDED, FillAnswer.NO, None)


def world(weeks, people):
    """A hub open four evenings a week: a lead, two at the desk and somebody on outreach, and people who answer."""
    random = Random(f"{weeks} {people}")  # noqa: S311 -- the same crowd every time is the point
    days = [MONDAY + dt.timedelta(days=7 * number + day) for number in range(weeks) for day in EVENINGS]
    shifts = [
        FillShift(
            id=number,
            day=day,
            starts=dt.datetime.combine(day, dt.time(18), LONDON),
            ends=dt.datetime.combine(day, dt.time(22), LONDON),
            posts=(
                FillPost(10 * number + 1, 1, 1, frozenset({"shift-lead"})),
                FillPost(10 * number + 2, 2, 3),
                FillPost(10 * number + 3, 1, 2, frozenset({"first-aid"})),
            ),
        )
        for number, day in enumerate(days, start=1)
    ]
    held = {"shift-lead": 0.15, "naloxone-trained": 0.6, "first-aid": 0.25}
    crowd = [
        FillPerson(
            id=number,
            held=frozenset(
                FillHolding(what, dt.date(2025, 1, 1)) for what, share in held.items() if random.random() < share
            ),
            answers={
                shift.id: said for shift in shifts if (said := random.choices(SAID, (35, 15, 35, 15))[0]) is not None
            },
            wanted=random.choice((None, 1, 2, 3, 4, 6)),
            new=random.random() < 0.15,
        )
        for number in range(1, people + 1)
    ]
    return shifts, crowd


def main(weeks=8, people=60):
    shifts, crowd = world(weeks, people)
    rules = FillRules(everywhere=("shift-lead", "naloxone-trained"))
    began = time.perf_counter()
    proposal = fill(shifts, crowd, rules)
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{weeks} weeks, {len(shifts)} shifts, {people} people: {len(proposal.places)} places in {took:.2f} s")
    for aim in proposal.aims:
        print(
            f"  {aim.name:12} {aim.value:5}   not below {aim.bound:5}   {'proven best' if aim.proven else 'not proven'}"
        )
    print(f"  {len(proposal.gaps)} gaps, {memory:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
