"""Places: given once, never more than there are, passed on by themselves.

Tries school.models: enrolments, enrolment_queryset, sessions, session_queryset and cohorts.
"""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from school.models import Enrolment, Session
from tests.school.makers import DAY, HOUR, NOW, a_person, a_session, enrol, people, states, waiting_list
from tests.volunteers.threads import Meanwhile, at_once
from volunteers.models import Letter
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.usefixtures("evening")
place = Enrolment.objects.take_place


def test_full_session_puts_people_on_waiting_list(session):
    for person in people("Ash", "Bo", "Cam"):
        place(session, person, now=NOW)

    assert states(session) == {"Ash": "enrolled", "Bo": "enrolled", "Cam": "waiting"}


def test_enrolling_twice_changes_nothing(session):
    (ash,) = people("Ash")
    first, again = (place(session, ash, now=NOW) for _ in range(2))

    assert first.pk == again.pk
    assert states(session) == {"Ash": "enrolled"}


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"starts_at": NOW, "ends_at": NOW + HOUR}, "has begun"),
        ({"starts_at": NOW - DAY, "ends_at": NOW - DAY + HOUR}, "is over"),
        ({"state": "cancelled", "called_off_because": "The boiler"}, "called off"),
        ({"state": "planned"}, "This session is still in planning."),
        ({"public": False}, "for one group"),
    ],
)
def test_place_is_refused_in_a_sentence(session, about, sentence):
    Session.objects.filter(pk=session.pk).update(**about)

    with pytest.raises(NotAllowed, match=sentence):
        place(session, a_person("Ash"), now=NOW)
    assert states(session) == {}


def test_cohort_and_trainer_enrol_into_private_session(course, session):
    ash, bo = people("Ash", "Bo")
    cohort = course.cohorts.create(name="Spring")
    cohort.members.add(ash)
    session.cohort, session.public = cohort, False
    session.save()

    place(session, ash, now=NOW)
    place(session, bo, now=NOW, by_trainer=True)

    assert states(session) == {"Ash": "enrolled", "Bo": "enrolled"}


def test_returned_place_is_held_for_the_next(session):
    ash, bo, cam, dee = people("Ash", "Bo", "Cam", "Dee")
    cam.email = "cam@example.org"
    cam.save()
    for person in (ash, bo, cam, dee):
        place(session, person, now=NOW)
    Letter.objects.all().delete()

    session.enrolments.get(person=ash).withdraw(now=NOW)

    held = session.enrolments.get(person=cam)
    assert (held.state, held.held_until) == ("offered", session.starts_at)
    assert states(session) == {"Ash": "withdrawn", "Bo": "enrolled", "Cam": "offered", "Dee": "waiting"}
    assert Letter.objects.count() == 1


def test_held_place_is_taken_with_one_more_tap(session):
    ash, bo, cam = people("Ash", "Bo", "Cam")
    for person in (ash, bo, cam):
        place(session, person, now=NOW)
    session.enrolments.get(person=ash).withdraw(now=NOW)

    assert place(session, cam, now=NOW + HOUR).state == "enrolled"


def test_expired_offer_goes_to_the_next(course):
    session = a_session(course, starts_at=NOW + 9 * DAY, places=1, hold_hours=12)
    ash, bo, cam, dee = people("Ash", "Bo", "Cam", "Dee")
    for person in (ash, bo, cam):
        place(session, person, now=NOW)
    session.enrolments.get(person=ash).withdraw(now=NOW)
    place(session, dee, now=NOW + 11 * HOUR)

    Enrolment.objects.move_waiting_list(session, NOW + 12 * HOUR)

    assert states(session) == {"Ash": "withdrawn", "Bo": "waiting", "Cam": "offered", "Dee": "waiting"}
    assert list(
        session.enrolments.filter(state__in=["waiting", "offered"])
        .order_by("line")
        .values_list("person__chosen_name", "passed")
    ) == [
        ("Cam", False),
        ("Dee", False),
        ("Bo", True),
    ]


def test_missed_offer_stays_open_without_others(course):
    session = a_session(course, starts_at=NOW + 9 * DAY, places=1, hold_hours=12)
    ash, bo = people("Ash", "Bo")
    for person in (ash, bo):
        place(session, person, now=NOW)
    session.enrolments.get(person=ash).withdraw(now=NOW)
    later = NOW + 3 * DAY
    Enrolment.objects.move_waiting_list(session, later)

    assert states(session)["Bo"] == "waiting"
    assert session.enrolments.get(person=bo).get_state_after(Enrolment.objects.plan_moves(session, later)) == "offered"
    assert place(session, bo, now=later).state == "enrolled"


def test_dead_worker_takes_nobodys_turn(course):
    """Nothing has run since the offer lapsed; whoever is next sees it, and taking it moves the list first."""
    session = a_session(course, starts_at=NOW + 9 * DAY, places=1, hold_hours=12)
    ash, bo, cam = people("Ash", "Bo", "Cam")
    for person in (ash, bo, cam):
        place(session, person, now=NOW)
    session.enrolments.get(person=ash).withdraw(now=NOW)
    later = NOW + DAY
    moves = Enrolment.objects.plan_moves(session, later)
    assert session.enrolments.get(person=cam).get_state_after(moves) == "offered"
    assert session.enrolments.get(person=bo).get_state_after(moves) == "waiting"

    assert place(session, cam, now=later).state == "enrolled"
    assert place(session, bo, now=later).state == "waiting"


def test_going_first_needs_a_visible_reason(session):
    ash, bo, cam, dee = people("Ash", "Bo", "Cam", "Dee")
    for person in (ash, bo, cam, dee):
        place(session, person, now=NOW)
    last = session.enrolments.get(person=dee)
    with pytest.raises(NotAllowed, match="Say why"):
        last.put_first("  ", now=NOW)

    last.put_first("The BSL interpreter is there that day", now=NOW)
    session.enrolments.get(person=ash).withdraw(now=NOW)

    assert states(session) == {"Ash": "withdrawn", "Bo": "enrolled", "Cam": "waiting", "Dee": "offered"}
    assert session.enrolments.get(person=dee).out_of_turn == "The BSL interpreter is there that day"


def test_withdrawing_twice_or_after_the_register_is_harmless(session):
    (ash,) = people("Ash")
    enrolment = place(session, ash, now=NOW)
    enrolment.withdraw(now=NOW)
    enrolment.withdraw(now=NOW)
    assert states(session) == {"Ash": "withdrawn"}

    Enrolment.objects.update(state="there")
    with pytest.raises(NotAllowed, match="register"):
        enrolment.withdraw(now=NOW)


def test_coming_back_after_withdrawing_goes_behind_everybody(session):
    ash, bo, cam = people("Ash", "Bo", "Cam")
    for person in (ash, bo, cam):
        place(session, person, now=NOW)
    session.enrolments.get(person=cam).withdraw(now=NOW)
    dee = a_person("Dee")
    place(session, dee, now=NOW)
    place(session, cam, now=NOW)

    assert [row.person.chosen_name for row in waiting_list(session)] == ["Dee", "Cam"]


def test_room_grows_for_waiting_and_never_shrinks_below(session):
    for person in people("Ash", "Bo", "Cam", "Dee"):
        place(session, person, now=NOW)
    modules = list(session.modules.all())

    with pytest.raises(NotAllowed, match="2 people have a place"):
        session.change(now=NOW, teaches=modules, gives=[], places=1)
    session.change(now=NOW, teaches=modules, gives=[], places=3)

    assert states(session) == {"Ash": "enrolled", "Bo": "enrolled", "Cam": "offered", "Dee": "waiting"}


def test_calling_off_says_why_and_tells_everybody(session):
    for name in ("Ash", "Bo", "Cam"):
        place(session, a_person(name, email=f"{name}@example.org"), now=NOW)
    Letter.objects.all().delete()
    with pytest.raises(NotAllowed, match="Say why"):
        session.call_off(" ", now=NOW)

    session.call_off("The boiler", now=NOW)
    session.call_off("Again", now=NOW)

    assert (session.state, session.called_off_because) == ("cancelled", "The boiler")
    assert Letter.objects.count() == 3


def test_moving_session_tells_people_and_renaming_none(session):
    place(session, a_person("Ash", email="ash@example.org"), now=NOW)
    Letter.objects.all().delete()
    modules = list(session.modules.all())

    session.change(now=NOW, teaches=modules, gives=[], title="Evening")
    assert Letter.objects.count() == 0
    session.change(now=NOW, teaches=modules, gives=[], place="The back room")
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("state", ["enrolled", "offered", "there"])
def test_database_never_has_more_people_than_places(session, state):
    for person in people("Ash", "Bo"):
        enrol(session, person)
    cam = a_person("Cam")

    with pytest.raises(IntegrityError, match="every place"), transaction.atomic():
        enrol(session, cam, state)
    waiting = enrol(session, cam, "waiting")
    with pytest.raises(IntegrityError, match="every place"), transaction.atomic():
        Enrolment.objects.filter(pk=waiting.pk).update(
            state=state, held_until=session.starts_at if state == "offered" else None
        )


def test_database_keeps_room_for_those_in_it(session):
    for person in people("Ash", "Bo"):
        enrol(session, person)
    with pytest.raises(IntegrityError, match="more people have a place"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(places=1)
    Session.objects.filter(pk=session.pk).update(places=2)


def test_database_refuses_enrolment_in_cancelled_session(session):
    session.call_off("The boiler", now=NOW)
    with pytest.raises(IntegrityError, match="called off"):
        enrol(session, a_person("Ash"))


def test_database_keeps_one_enrolment_per_person(session):
    (ash,) = people("Ash")
    enrol(session, ash)
    with pytest.raises(IntegrityError, match="enrolment_once"):
        enrol(session, ash, "waiting")


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ("enrolment", "held_until = now()"),
        ("enrolment", "state = 'offered'"),
        ("session", "ends_at = starts_at"),
        ("session", "places = 0"),
        ("session", "hold_hours = 0"),
        ("session", "state = 'cancelled'"),
        ("session", "called_off_because = 'x'"),
        ("session", "settled_on = now()"),
        ("session", "came = 1"),
    ],
)
def test_database_keeps_the_smaller_rules(session, table, wrong):
    enrol(session, a_person("Ash"))
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(f"UPDATE school_{table} SET {wrong}")  # noqa: S608 -- our own words, above


@pytest.mark.django_db(transaction=True)
def test_eight_people_and_one_place(course):
    session = a_session(course, starts_at=NOW + DAY, places=1)
    crowd = people(*"ABCDEFGH")

    at_once(*[lambda person=person: place(session, person, now=NOW) for person in crowd])

    assert sorted(states(session).values()) == ["enrolled"] + 7 * ["waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_promotions_at_once_promote_one(course):
    session = a_session(course, starts_at=NOW + DAY, places=1)
    ash, bo, cam = people("Ash", "Bo", "Cam")
    for person in (ash, bo, cam):
        place(session, person, now=NOW)
    Enrolment.objects.filter(person=ash).update(state="withdrawn")

    answers = at_once(*[lambda: Enrolment.objects.move_waiting_list(session, NOW) for _ in range(2)])

    assert states(session) == {"Ash": "withdrawn", "Bo": "offered", "Cam": "waiting"}
    assert sorted(len(moves.offered) for moves in answers) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_last_place_and_shrinking_room_exclude_each_other(course):
    session = a_session(course, starts_at=NOW + DAY, places=2)
    ash, bo = people("Ash", "Bo")
    place(session, ash, now=NOW)

    with transaction.atomic():
        place(session, bo, now=NOW)
        shrink = Meanwhile(lambda: Session.objects.filter(pk=session.pk).update(places=1))

    assert isinstance(shrink.answer, IntegrityError)
    assert states(session) == {"Ash": "enrolled", "Bo": "enrolled"}


@pytest.mark.django_db(transaction=True)
def test_database_alone_protects_the_last_place(course):
    session = a_session(course, starts_at=NOW + DAY, places=1)
    ash, bo = people("Ash", "Bo")

    def raw(person, line):
        return Enrolment.objects.create(session=session, person=person, state="enrolled", line=line)

    with transaction.atomic():
        raw(ash, 1)
        other = Meanwhile(lambda: raw(bo, 2))

    assert isinstance(other.answer, IntegrityError)
    assert states(session) == {"Ash": "enrolled"}


def test_all_lists_move_along_by_the_timetable(course):
    sessions = [a_session(course, starts_at=NOW + days * DAY, places=1) for days in (2, 3)]
    ash, bo = people("Ash", "Bo")
    for session in sessions:
        place(session, ash, now=NOW)
        place(session, bo, now=NOW)
        Enrolment.objects.filter(session=session, person=ash).update(state="withdrawn")

    assert Enrolment.objects.move_all_waiting_lists(NOW) == 2
    assert [states(session)["Bo"] for session in sessions] == ["offered", "offered"]
    assert Enrolment.objects.get(session=sessions[0], person=bo).held_until == NOW + dt.timedelta(hours=24)
