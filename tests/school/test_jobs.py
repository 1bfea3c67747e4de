"""What the School does by itself: each job twice is once, and what it does also happens without it."""

import datetime as dt

import pytest
import time_machine
from icalendar import Calendar

from school import jobs
from school.calendars import list_calendar_entries
from school.completion import OutcomeState
from school.models import Completion, Enrolment, Feedback, JoinRequest, Outcome, Register
from tests.school.makers import DAY, HOUR, NOW, TODAY, a_person, a_session, enrol, people, say_done, states
from volunteers.models import Letter
from volunteers.shared import ical
from volunteers.shared.registries.retention import Every, delete_overdue

pytestmark = pytest.mark.usefixtures("evening")


@pytest.fixture
def ash(db):
    return a_person("Ash", email="ash@example.org")


def test_places_move_along(course, ash):
    session = a_session(course, starts_at=NOW + 5 * DAY, places=1)
    (bo,) = people("Bo")
    enrol(session, bo, "waiting")
    enrol(session, ash, "waiting")

    jobs.move_waiting_lists(timestamp=0)
    jobs.move_waiting_lists(timestamp=0)
    assert states(session) == {"Bo": "offered", "Ash": "waiting"}
    with time_machine.travel(NOW + DAY, tick=False):
        jobs.move_waiting_lists(timestamp=0)
    assert states(session) == {"Bo": "waiting", "Ash": "offered"}
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(("ahead", "told"), [(35 * HOUR, 1), (37 * HOUR, 0), (-HOUR, 0)])
def test_session_that_is_near_is_reminded_of_once(course, ash, ahead, told):
    session = a_session(course, starts_at=NOW + ahead)
    enrol(session, ash)

    jobs.send_reminders(timestamp=0)
    jobs.send_reminders(timestamp=0)

    assert Letter.objects.count() == told


@pytest.mark.parametrize("state", ["waiting", "withdrawn"])
def test_only_who_has_a_place_is_reminded(course, ash, state):
    enrol(a_session(course, starts_at=NOW + DAY), ash, state)

    jobs.send_reminders(timestamp=0)

    assert not Letter.objects.exists()


def test_who_wants_no_reminders_gets_none(course, ash):
    ash.silenced = ["reminders"]
    ash.save()
    enrol(a_session(course, starts_at=NOW + DAY), ash)

    jobs.send_reminders(timestamp=0)

    assert not Letter.objects.exists()


def test_expiring_grant_is_announced_by_day(course, ash, trainer):
    module = course.modules.get(slug="naloxone")
    Outcome.objects.record_elsewhere(
        ash, module, OutcomeState.DONE, note="Seen", on=dt.date(2024, 6, 20), by=trainer, now=NOW
    )
    Letter.objects.all().delete()

    jobs.send_reminders(timestamp=0)
    jobs.send_reminders(timestamp=0)

    assert Letter.objects.count() == 1


def test_every_morning_what_is_over_goes(course, ash, trainer):
    past = a_session(course, starts_at=NOW - 20 * DAY)
    enrol(past, ash, "there")
    Register(past).close(now=NOW - 19 * DAY)
    say_done(past, ash, trainer)
    old = a_session(course, starts_at=NOW - 400 * DAY)
    Feedback.objects.create(session=old, useful=1)
    JoinRequest.objects.create(sealed="x", mark="x", expires_at=NOW)
    JoinRequest.objects.create(sealed="y", mark="y", expires_at=NOW + HOUR)

    delete_overdue(Every.DAY)
    delete_overdue(Every.DAY)

    past.refresh_from_db()
    assert (past.came, past.settled_on) == (1, TODAY)
    assert not Feedback.objects.exists()
    assert JoinRequest.objects.get().mark == "y"


def test_agreed_exception_becomes_grant_when_it_ends(course, ash, trainer, coordinator):
    session = a_session(course, starts_at=NOW - HOUR)
    by_hand = ash.grant(course.grants, by=coordinator, reason="Founder", until=TODAY + DAY)
    enrol(session, ash, "there")
    say_done(session, ash, trainer)
    assert Completion.objects.get(course=course).holding is None

    jobs.catch_up(timestamp=0)
    assert Completion.objects.get(course=course).holding is None
    with time_machine.travel(NOW + DAY, tick=False):
        jobs.catch_up(timestamp=0)

    granted = Completion.objects.get(course=course).holding
    assert (granted.since, granted.pk == by_hand.pk) == (TODAY + DAY, False)


def test_calendar_has_ones_sessions_with_a_neutral_word(course, ash, trainer):
    mine = a_session(course, starts_at=NOW + DAY, title="Naloxone for all")
    enrol(mine, ash)
    given = a_session(course, starts_at=NOW + 2 * DAY)
    given.facilitators.add(ash)
    waits = a_session(course, starts_at=NOW + 3 * DAY)
    enrol(waits, ash, "waiting")
    a_session(course, starts_at=NOW + 4 * DAY)

    entries = list_calendar_entries(ash, NOW)

    assert [(entry.starts, entry.title, entry.cancelled) for entry in entries] == [
        (mine.starts_at, "Session", False),
        (given.starts_at, "Session", False),
    ]
    text = ical.calendar(entries, name="Shifts").decode()
    assert "aloxone" not in text
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 2


def test_calendar_carries_withdrawn_moved_and_cancelled(course, ash):
    session = a_session(course, starts_at=NOW + DAY)
    enrolment = Enrolment.objects.take_place(session, ash, now=NOW)
    (first,) = list_calendar_entries(ash, NOW)

    session.change(now=NOW, teaches=list(session.modules.all()), gives=[], place="Elsewhere")
    (moved,) = list_calendar_entries(ash, NOW)
    assert (moved.uid, moved.sequence > first.sequence) == (first.uid, True)

    enrolment.withdraw(now=NOW)
    assert [entry.cancelled for entry in list_calendar_entries(ash, NOW)] == [True]
    Enrolment.objects.take_place(session, ash, now=NOW)
    session.call_off("The boiler", now=NOW)
    assert [entry.cancelled for entry in list_calendar_entries(ash, NOW)] == [True]
