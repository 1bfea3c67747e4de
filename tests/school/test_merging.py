"""Two records of one person: a trainer wrote down a name, and then the person came in by themselves."""

import pytest

from hub.people.merge import merge_people
from school.completion import OutcomeState
from school.models import Completion, Enrolment, Outcome, Proposal, Register
from tests.school.makers import DAY, HOUR, NOW, TODAY, a_person, a_session, enrol, say_done, states
from tests.school.test_outcomes import commit
from volunteers.models import User

pytestmark = pytest.mark.usefixtures("evening")


@pytest.fixture
def written_down(db):
    return a_person("Wren-written-down")


@pytest.fixture
def came_in(db):
    return a_person("Wren", email="wren@example.org")


def test_everything_of_both_is_the_one_that_stays(course, written_down, came_in, coordinator, trainer):
    naloxone, calm = course.modules.all()
    past, ahead = a_session(course, starts_at=NOW - HOUR), a_session(course, starts_at=NOW + DAY)
    enrol(past, written_down, "there")
    enrol(ahead, written_down)
    say = Outcome.objects
    say.record(past, written_down, naloxone, OutcomeState.DONE, by=trainer, now=NOW)
    say.record_elsewhere(came_in, calm, OutcomeState.DONE, note="Seen", on=TODAY, by=trainer, now=NOW)
    course.cohorts.create(name="Spring").members.add(written_down)
    ahead.facilitators.add(written_down)
    Proposal.objects.create(person=written_down, title="Veins", about="An evening")
    commit()

    merge_people(came_in, written_down, by=coordinator)
    commit()

    assert not User.objects.filter(pk=written_down.pk).exists()
    assert states(past) | states(ahead) == {"Wren": "there"} | {"Wren": "enrolled"}
    assert Completion.objects.get(course=course).person == came_in
    assert {held.qualification.slug for held in came_in.holdings.on(TODAY)} == {"naloxone-trained", "school-done"}
    assert (came_in.cohorts.count(), came_in.gives.count(), came_in.proposals.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("theirs", "mine", "left"),
    [("there", "enrolled", "there"), ("waiting", "enrolled", "enrolled"), ("not_there", "withdrawn", "not_there")],
)
def test_merge_keeps_the_better_place_once(course, written_down, came_in, coordinator, theirs, mine, left):
    session = a_session(course, starts_at=NOW - HOUR, places=2)
    enrol(session, written_down, theirs)
    enrol(session, came_in, mine)

    merge_people(came_in, written_down, by=coordinator)

    assert states(session) == {"Wren": left}


def test_where_both_have_an_outcome_done_stays(course, written_down, came_in, coordinator, trainer):
    naloxone, calm = course.modules.all()
    session = a_session(course, starts_at=NOW - HOUR)
    for person in (written_down, came_in):
        enrol(session, person, "there")
    Outcome.objects.record(session, written_down, naloxone, OutcomeState.DONE, by=trainer, now=NOW)
    Outcome.objects.record(session, came_in, naloxone, OutcomeState.TOGETHER, by=trainer, now=NOW)
    Outcome.objects.record(session, came_in, calm, OutcomeState.DONE, by=trainer, now=NOW)

    merge_people(came_in, written_down, by=coordinator)
    commit()

    assert set(Outcome.objects.values_list("person", "module", "state")) == {
        (came_in.pk, naloxone.pk, "done"),
        (came_in.pk, calm.pk, "done"),
    }
    assert Completion.objects.filter(course=course, person=came_in).exists()


def test_settled_sessions_are_taken_over_too(course, written_down, came_in, coordinator, trainer):
    session = a_session(course, starts_at=NOW - 20 * DAY)
    enrol(session, written_down, "there")
    say_done(session, written_down, trainer)
    Register(session).settle(now=NOW)

    merge_people(came_in, written_down, by=coordinator)
    commit()

    assert Completion.objects.get(course=course).person == came_in
    assert not Enrolment.objects.exists()
