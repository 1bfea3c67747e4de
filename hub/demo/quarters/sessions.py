"""Sessions of the School before those it still remembers: settled, with how many came, and what was finished then."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import cycle
from random import Random

from django.db.models import Min
from django.utils import timezone

from hub.core.periods import month_of
from hub.demo.school import PLACES
from school.models import CompletionCount, Course, Module, Part, Session
from school.models.registers import REGISTER_RETENTION
from volunteers.models import User

EVERY, WEDNESDAY = 14, 2
LEAST, MOST = 6, 13
GROUP = 2
"""Somebody has done everything by every second of them."""


def lay_out(first: dt.date) -> None:
    """Every other week until the present School begins, each module in turn."""
    random = Random("sessions of quarters")  # noqa: S311 -- the same world every time is the point
    course = Course.objects.get()
    begins = timezone.localdate(Session.objects.aggregate(first=Min("starts_at"))["first"])
    day = first + dt.timedelta(days=(WEDNESDAY - first.weekday()) % 7)
    days = [day + dt.timedelta(days=n) for n in range(0, (begins - day).days, EVERY)]
    sessions = Session.objects.bulk_create(_session(random, day) for day in days)
    taught = list(zip(sessions, cycle(course.modules.order_by("order", "pk")), strict=False))
    Part.objects.bulk_create(Part(session=session, module=module) for session, module in taught)
    trainer = User.objects.get(username="trainer")
    through = Session.facilitators.through
    through.objects.bulk_create(through(session_id=session.pk, user_id=trainer.pk) for session in sessions)
    _finished(random, course, taught)


def _session(random: Random, day: dt.date) -> Session:
    starts, ends = (
        timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(one))) for one in ("18:00", "20:30")
    )
    return Session(
        starts_at=starts,
        ends_at=ends,
        place="The back room",
        places=PLACES,
        state=Session.State.ANNOUNCED,
        step_free=True,
        food=True,
        register_closed_on=day,
        settled_on=day + REGISTER_RETENTION,
        came=random.randint(LEAST, MOST),
        not_there=random.randint(0, 2),
    )


def _finished(random: Random, course: Course, taught: list[tuple[Session, Module]]) -> None:
    """Nearly everybody who came has done what was taught; of some it was the last thing they had to do."""
    done: Counter[tuple[dt.date, Module | None]] = Counter()
    for number, (session, module) in enumerate(taught, start=1):
        month, came = month_of(timezone.localdate(session.starts_at)), session.came or 0
        done[month, module] += came - random.randint(0, 2)
        if not number % GROUP:
            done[month, None] += random.randint(came // 4, came // 2)
    for (month, finished), n in done.items():
        CompletionCount.objects.change_count(month, module=finished, course=None if finished else course, by=n)
