"""The register: marked by two at once, closed, reopened, put right, and gone once it is settled.

Also tries session_modules: what a session teaches.
"""

import datetime as dt

import pytest
from django.utils import timezone

from school.models import Enrolment, Outcome, Register, Session
from school.models.registers import MAX_REGISTER_RETENTION, REGISTER_RETENTION
from tests.school.makers import DAY, HOUR, NOW, TODAY, a_person, a_session, enrol, people, say_done, states
from tests.volunteers.threads import at_once
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.usefixtures("evening")
walk_in = Enrolment.objects.add_walk_in


@pytest.fixture
def tonight(course):
    """Began an hour ago, with room for two."""
    return a_session(course, starts_at=NOW - HOUR, places=2)


def test_people_are_there_or_not_or_nobody_knows(tonight):
    enrolment = enrol(tonight, a_person("Ash"))

    for there, state in ((True, "there"), (False, "not_there"), (None, "enrolled"), (True, "there"), (True, "there")):
        assert enrolment.mark(there, now=NOW).enrolment.state == state


@pytest.mark.parametrize(("ahead", "open_"), [(2 * HOUR, True), (2 * HOUR + dt.timedelta(seconds=1), False)])
def test_register_opens_two_hours_before_and_no_sooner(course, ahead, open_):
    session = a_session(course, starts_at=NOW + ahead)
    enrolment = enrol(session, a_person("Ash"))

    if open_:
        assert enrolment.mark(True, now=NOW).enrolment.state == "there"
    else:
        with pytest.raises(NotAllowed, match="has not begun"):
            enrolment.mark(True, now=NOW)
        with pytest.raises(NotAllowed, match="has not begun"):
            walk_in(session, a_person("Bo"), now=NOW)
        with pytest.raises(NotAllowed, match="has not begun"):
            Register(session).close(now=NOW)


def test_somebody_else_marked_it_meanwhile(tonight):
    enrolment = enrol(tonight, a_person("Ash"))
    enrolment.mark(True, now=NOW, was="enrolled")

    with pytest.raises(NotAllowed, match="marked this: there"):
        enrolment.mark(False, now=NOW, was="enrolled")
    assert enrolment.mark(True, now=NOW, was="enrolled").enrolment.state == "there", "the same answer is no quarrel"


def test_walk_in_takes_free_or_missed_place(tonight):
    ash, bo, cam = people("Ash", "Bo", "Cam")
    first, _second = enrol(tonight, ash), enrol(tonight, bo)
    with pytest.raises(NotAllowed, match="All 2 places are taken"):
        walk_in(tonight, cam, now=NOW)

    first.mark(False, now=NOW)
    walk_in(tonight, cam, now=NOW)
    walk_in(tonight, cam, now=NOW)

    assert states(tonight) == {"Ash": "not_there", "Bo": "enrolled", "Cam": "there"}
    with pytest.raises(NotAllowed, match="All 2 places are taken"):
        first.mark(True, now=NOW)


def test_waiting_person_can_walk_in(tonight):
    ash, bo = people("Ash", "Bo")
    enrol(tonight, ash)
    enrol(tonight, bo, "waiting")

    for person in (ash, bo):
        walk_in(tonight, person, now=NOW)

    assert states(tonight) == {"Ash": "there", "Bo": "there"}


def test_register_is_closed_once_everybody_is_marked(tonight):
    for name in ("Ash", "Bo"):
        enrol(tonight, a_person(name))
    enrol(tonight, a_person("Cam"), "waiting")
    tonight.enrolments.get(person__chosen_name="Ash").mark(True, now=NOW)

    with pytest.raises(NotAllowed, match="not marked yet"):
        Register(tonight).close(now=NOW)
    Register(tonight).close(now=NOW, rest="not_there")
    Register(tonight).close(now=NOW)

    assert states(tonight) == {"Ash": "there", "Bo": "not_there", "Cam": "withdrawn"}
    assert tonight.register_closed_on == TODAY


def test_closed_register_is_reopened_to_put_something_right(tonight):
    enrolment = enrol(tonight, a_person("Ash"))
    Register(tonight).close(now=NOW, rest="not_there")
    with pytest.raises(NotAllowed, match="open it again"):
        enrolment.mark(True, now=NOW)

    Register(tonight).reopen()
    enrolment.mark(True, now=NOW)

    assert states(tonight) == {"Ash": "there"}


def test_register_goes_two_weeks_after_everything_is_said(tonight, trainer):
    ash, bo = people("Ash", "Bo")
    enrol(tonight, ash, "there")
    enrol(tonight, bo, "not_there")
    Register(tonight).close(now=NOW)
    later = NOW + REGISTER_RETENTION
    assert Register.settle_due(later) == 0, "nothing is said of Ash yet"

    say_done(tonight, ash, trainer)
    assert Register.settle_due(later - DAY) == 0
    assert Register.settle_due(later) == 1
    assert Register.settle_due(later) == 0

    tonight.refresh_from_db()
    assert (tonight.came, tonight.not_there, tonight.settled_on) == (1, 1, timezone.localdate(later))
    assert not tonight.enrolments.exists()
    assert set(Outcome.objects.values_list("session", "state", "how")) == {(None, "done", "register")}
    assert ash.holdings.count() == 2
    with pytest.raises(NotAllowed, match="settled"):
        Register(tonight).reopen()


def test_absence_is_forgotten_after_two_weeks(tonight):
    enrol(tonight, a_person("Ash"), "there")
    enrol(tonight, a_person("Bo"), "not_there")
    Register(tonight).close(now=NOW)

    Register.settle_due(NOW + REGISTER_RETENTION - DAY)
    assert states(tonight) == {"Ash": "there", "Bo": "not_there"}
    Register.settle_due(NOW + REGISTER_RETENTION)

    assert states(tonight) == {"Ash": "there"}
    tonight.refresh_from_db()
    assert tonight.not_there == 1


def test_register_goes_after_three_months_whatever_is_unsaid(tonight):
    enrol(tonight, a_person("Ash"), "there")

    assert Register.settle_due(tonight.ends_at + MAX_REGISTER_RETENTION) == 0
    assert Register.settle_due(tonight.ends_at + MAX_REGISTER_RETENTION + HOUR) == 1
    assert not tonight.enrolments.exists()


def test_cancelled_session_counts_nothing_and_is_cleared(course):
    session = a_session(course, starts_at=NOW + HOUR)
    enrol(session, a_person("Ash"))
    session.call_off("The boiler", now=NOW)

    Register.settle_due(NOW + DAY)

    assert not session.enrolments.exists()
    session.refresh_from_db()
    assert (session.came, session.not_there) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_mark_different_people_at_once(course):
    session = a_session(course, starts_at=NOW - HOUR, places=20)
    rows = [enrol(session, person) for person in people(*"ABCDEFGH")]

    def go(mine):
        return [row.mark(True, now=NOW, was="enrolled").enrolment.state for row in mine]

    assert at_once(lambda: go(rows[::2]), lambda: go(rows[1::2])) == [["there"] * 4] * 2
    assert set(states(session).values()) == {"there"}


@pytest.mark.django_db(transaction=True)
def test_two_walk_ins_and_one_place_left(course):
    session = a_session(course, starts_at=NOW - HOUR, places=1)
    ash, bo = people("Ash", "Bo")

    answers = at_once(*[lambda who=who: walk_in(session, who, now=NOW) for who in (ash, bo)])

    assert sorted(type(answer).__name__ for answer in answers) == ["Enrolment", "NotAllowed"]
    assert list(states(session).values()) == ["there"]


def test_module_nobody_did_can_leave_its_session(tonight):
    tonight.change(now=NOW, teaches=[tonight.modules.first()], gives=[])
    assert Session.objects.get(pk=tonight.pk).modules.count() == 1
