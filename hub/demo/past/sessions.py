"""The past's sessions of the School: long settled, with the counts that stay and the people who are still known."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from random import Random

from django.db.models import Min
from django.utils import timezone

from hub.core.periods import month_of
from hub.demo.past.people import make_people
from hub.demo.past.size import Size
from hub.demo.school import FEEDBACK, PLACES
from school.completion import OutcomeState
from school.models import (
    Completion,
    CompletionCount,
    Course,
    Enrolment,
    Feedback,
    Module,
    Outcome,
    Register,
    Session,
    SessionModule,
)
from school.models.feedback import FEEDBACK_RETENTION, MIN_ANSWERS
from school.models.registers import REGISTER_RETENTION
from volunteers.models import User

DAYS_BETWEEN, WEDNESDAY = 14, 2
LEAST, MOST = 6, 13
COMPLETE_EVERY = 2
"""Somebody has done everything by every second session."""
LAST_BEFORE = dt.timedelta(weeks=12)
"""How long before today the last of the busy ones was; the demo has its own since then."""
COMES, DONE, COMES_FOR = 0.75, 0.96, 14


def add_plain_sessions(size: Size) -> Iterator[float]:
    """Add a session every other week until the present School begins, each module in turn."""
    random = Random("sessions of quarters")  # noqa: S311 -- the same world every time is the point
    course = Course.objects.get()
    first = size.reported_months[0]
    begins = timezone.localdate(Session.objects.aggregate(first=Min("starts_at"))["first"])
    day = first + dt.timedelta(days=(WEDNESDAY - first.weekday()) % 7)
    days = [day + dt.timedelta(days=n) for n in range(0, (begins - day).days, DAYS_BETWEEN)]
    sessions = Session.objects.bulk_create(_make_settled_session(random, day) for day in days)
    taught = _teach(sessions, list(course.modules.order_by("order", "pk")))
    _count_completions(random, course, sessions, taught)
    yield 1


def _make_settled_session(random: Random, day: dt.date) -> Session:
    return Session(
        starts_at=_make_time(day, 18),
        ends_at=_make_time(day, 20, 30),
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


def _count_completions(random: Random, course: Course, sessions: Sequence[Session], taught: dict[int, Module]) -> None:
    """Count nearly everybody who came as having done the module; of some it was the last thing they had to do."""
    done: Counter[tuple[dt.date, Module | None]] = Counter()
    for number, session in enumerate(sessions, start=1):
        month, came = month_of(timezone.localdate(session.starts_at)), session.came or 0
        done[month, taught[session.pk]] += came - random.randint(0, 2)
        if not number % COMPLETE_EVERY:
            done[month, None] += random.randint(came // 4, came // 2)
    for (month, module), n in done.items():
        CompletionCount.objects.change_count(month, module=module, course=None if module else course, by=n)


def add_busy_sessions(size: Size) -> Iterator[float]:
    """Add sessions with registers, outcomes and completions; then the registers go."""
    random = Random("the School of years")  # noqa: S311 -- the same world every time is the point
    modules = list(Course.objects.get().modules.select_related("strand").order_by("order", "pk"))
    people = make_people([f"school-{number:04}" for number in range(size.school_people)], random, month_of(size.today))
    sessions = Session.objects.bulk_create(_make_busy_sessions(random, size))
    outcomes = _add_outcomes(random, sessions, _teach(sessions, modules), people)
    yield 0.2
    for number, person in enumerate(people, start=1):
        if last := max((outcome.said_on for outcome in outcomes if outcome.person_id == person.pk), default=None):
            Completion.objects.recalculate(person, now=_make_time(last, 22))
        if not number % 10:
            yield 0.2 + 0.6 * number / len(people)
    for number, session in enumerate(sessions, start=1):
        Register(session).settle(now=session.ends_at + dt.timedelta(days=14))
        if not number % 10:
            yield 0.8 + 0.2 * number / len(sessions)
    _add_feedback(random, size, sessions)
    yield 1


def _make_time(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def _make_busy_sessions(random: Random, size: Size) -> Iterator[Session]:
    """Make as many as there should be, evenly over the years."""
    length = size.today - LAST_BEFORE - size.first_day
    for number in range(size.sessions):
        day = size.first_day + length * number / size.sessions
        yield Session(
            starts_at=_make_time(day, 18),
            ends_at=_make_time(day, 20),
            place=random.choice(("The back room", "The library")),
            places=PLACES,
            state=Session.State.ANNOUNCED,
            step_free=random.random() < 0.7,  # noqa: PLR2004
            food=random.random() < 0.5,  # noqa: PLR2004
        )


def _teach(sessions: Sequence[Session], modules: Sequence[Module]) -> dict[int, Module]:
    """Let the trainer teach one module at each session, in turn. Returns the module by session."""
    taught = {session.pk: module for session, module in zip(sessions, cycle(modules), strict=False)}
    SessionModule.objects.bulk_create(
        SessionModule(session_id=session, module=module) for session, module in taught.items()
    )
    trainer = User.objects.get(username="trainer")
    through = Session.facilitators.through
    through.objects.bulk_create(through(session_id=session.pk, user_id=trainer.pk) for session in sessions)
    return taught


def _add_outcomes(
    random: Random, sessions: Sequence[Session], taught: dict[int, Module], people: list[User]
) -> list[Outcome]:
    """Add enrolments and outcomes; most people came to most sessions, for half a year or so."""
    places: Counter[int] = Counter()
    enrolments, outcomes = [], []
    for person in people:
        begun = random.randrange(len(sessions))
        seen: set[int] = set()
        for session in sessions[begun : begun + COMES_FOR]:
            module = taught[session.pk]
            if module.pk in seen or places[session.pk] == PLACES or random.random() > COMES:
                continue
            places[session.pk] += 1
            seen.add(module.pk)
            enrolments.append(Enrolment(session=session, person=person, state="there", line=places[session.pk]))
            day = timezone.localdate(session.starts_at)
            state = OutcomeState.DONE if random.random() < DONE else OutcomeState.TOGETHER
            outcomes.append(
                Outcome(person=person, module=module, state=state, said_on=day, how="register", session=session)
            )
    Enrolment.objects.bulk_create(enrolments)
    Outcome.objects.bulk_create(outcomes)
    done = Counter(
        (month_of(outcome.said_on), outcome.module) for outcome in outcomes if outcome.state == OutcomeState.DONE
    )
    for (month, module), number in done.items():
        CompletionCount.objects.change_count(month, module=module, by=number)
    return outcomes


def _add_feedback(random: Random, size: Size, sessions: Sequence[Session]) -> None:
    """Add enough of it to be read, for as long as it is kept."""
    Feedback.objects.bulk_create(
        Feedback(session=session, useful=useful, keep=keep, change=change)
        for session in sessions
        if timezone.localdate(session.starts_at) > size.today - FEEDBACK_RETENTION
        for useful, keep, change in random.sample(FEEDBACK, MIN_ANSWERS)
    )
