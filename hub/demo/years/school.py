"""The years' School: session after session, long settled, and what is known of the people who came."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from random import Random

from django.utils import timezone

from hub.core.periods import month_of
from hub.demo.school import SAID
from hub.demo.years.people import make
from hub.demo.years.size import Size
from school.completion import OutcomeState
from school.models import (
    Completion,
    CompletionCount,
    Course,
    Enrolment,
    Feedback,
    Module,
    Outcome,
    Part,
    Register,
    Session,
)
from school.models.feedback import FEEDBACK_RETENTION, MIN_ANSWERS
from volunteers.models import User

PLACES = 14
UNTIL = dt.timedelta(weeks=12)
"""How long before today the last of these was; the demo has its own since then."""
COMES, DONE, COMES_FOR = 0.75, 0.96, 14


def lay_out(size: Size) -> Iterator[float]:
    """Sessions in turn, a register for each, what was said of everybody, what that grants; then the registers go."""
    random = Random("the School of years")  # noqa: S311 -- the same world every time is the point
    modules = list(Course.objects.get().modules.select_related("strand").order_by("order", "pk"))
    people = make([f"school-{number:04}" for number in range(size.school_people)], random, month_of(size.today))
    sessions = _sessions(random, size, modules)
    taught = {session.pk: modules[number % len(modules)] for number, session in enumerate(sessions)}
    outcomes = _came(random, sessions, taught, people)
    yield 0.2
    for number, person in enumerate(people, start=1):
        if last := max((one.said_on for one in outcomes if one.person_id == person.pk), default=None):
            Completion.objects.recalculate(person, now=_evening(last, 22))
        if not number % 10:
            yield 0.2 + 0.6 * number / len(people)
    for number, session in enumerate(sessions, start=1):
        Register(session).settle(now=session.ends_at + dt.timedelta(days=14))
        if not number % 10:
            yield 0.8 + 0.2 * number / len(sessions)
    _feedback(random, size, sessions)
    yield 1


def _evening(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _sessions(random: Random, size: Size, modules: list[Module]) -> list[Session]:
    """As many as there should be, evenly over the years; each teaches one module, in turn."""
    trainer = User.objects.get(username="trainer")
    length = size.today - UNTIL - size.first_day
    days = [size.first_day + length * number / size.sessions for number in range(size.sessions)]
    sessions = Session.objects.bulk_create(
        Session(
            starts_at=_evening(day, 18),
            ends_at=_evening(day, 20),
            place=random.choice(("The back room", "The library")),
            places=PLACES,
            state=Session.State.ANNOUNCED,
            step_free=random.random() < 0.7,  # noqa: PLR2004
            food=random.random() < 0.5,  # noqa: PLR2004
        )
        for day in days
    )
    Part.objects.bulk_create(
        Part(session=session, module=modules[number % len(modules)]) for number, session in enumerate(sessions)
    )
    through = Session.facilitators.through
    through.objects.bulk_create(through(session_id=session.pk, user_id=trainer.pk) for session in sessions)
    return sessions


def _came(random: Random, sessions: list[Session], taught: dict[int, Module], people: list[User]) -> list[Outcome]:
    """Who was at which session, and how it went; most came to most, for half a year or so."""
    places: Counter[int] = Counter()
    enrolments, outcomes = [], []
    for person in people:
        begun = random.randrange(len(sessions))
        said: set[int] = set()
        for session in sessions[begun : begun + COMES_FOR]:
            module = taught[session.pk]
            if module.pk in said or places[session.pk] == PLACES or random.random() > COMES:
                continue
            places[session.pk] += 1
            said.add(module.pk)
            enrolments.append(Enrolment(session=session, person=person, state="there", line=places[session.pk]))
            day = timezone.localdate(session.starts_at)
            state = OutcomeState.DONE if random.random() < DONE else OutcomeState.TOGETHER
            outcomes.append(
                Outcome(person=person, module=module, state=state, said_on=day, how="register", session=session)
            )
    Enrolment.objects.bulk_create(enrolments)
    Outcome.objects.bulk_create(outcomes)
    done = Counter((month_of(one.said_on), one.module) for one in outcomes if one.state == OutcomeState.DONE)
    for (month, module), number in done.items():
        CompletionCount.objects.change_count(month, module=module, by=number)
    return outcomes


def _feedback(random: Random, size: Size, sessions: list[Session]) -> None:
    """Enough of it to be read, for as long as it is kept."""
    Feedback.objects.bulk_create(
        Feedback(session=session, useful=useful, keep=keep, change=change)
        for session in sessions
        if timezone.localdate(session.starts_at) > size.today - FEEDBACK_RETENTION
        for useful, keep, change in random.sample(SAID, MIN_ANSWERS)
    )
