"""What a paused account leaves: its places at the School are for who waits, and it is first in line when it is back.

Also tries session_moves, with what hangs on the time of a shift in tests/volunteers/test_moves.py.
"""

import datetime as dt

import pytest
import time_machine

from school.models import Enrolment
from tests.school.makers import a_course, a_session, enrol, states
from tests.volunteers.rota_world import NOW, somebody
from volunteers.models import User

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def wren(db):
    return somebody("Wren")


def pause(person):
    User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("state", ["enrolled", "offered", "waiting"])
def test_paused_account_holds_no_school_place(wren, state):
    session = a_session(a_course(), starts_at=NOW + 5 * DAY, places=1)
    enrol(session, wren, state)
    enrol(session, somebody("Next"), "waiting")
    pause(wren)

    Enrolment.objects.move_waiting_list(session, NOW)

    assert states(session) == {"Wren": "waiting", "Next": "offered"}


def test_paused_account_leaves_room_at_the_school(wren):
    session = a_session(a_course(), starts_at=NOW + 5 * DAY, places=1)
    enrol(session, wren)
    pause(wren)
    sam = somebody("Sam")

    assert type(session).objects.with_counts().get(pk=session.pk).free == 1
    Enrolment.objects.take_place(session, sam, now=NOW)

    assert states(session) == {"Wren": "waiting", "Sam": "enrolled"}


def test_resumed_account_is_first_in_line(wren, coordinator):
    session = a_session(a_course(), starts_at=NOW + 5 * DAY, places=1)
    enrol(session, wren)
    wren.pause(by=coordinator)
    Enrolment.objects.take_place(session, somebody("Sam"), now=NOW)
    late = somebody("Late")
    Enrolment.objects.take_place(session, late, now=NOW)
    wren.resume(by=coordinator)

    session.enrolments.get(person__chosen_name="Sam").withdraw(now=NOW)

    assert states(session)["Wren"] == "offered"
    assert states(session)["Late"] == "waiting"
