"""What hangs on the time of a shift or a session moves with it, asks again or falls.

Tries volunteers/models/shift_moves.py, and the School's session_moves.
"""

import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.db.models import ForeignKey
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from school.models import Enrolment, Session
from tests.school.makers import a_course, a_session, enrol
from tests.volunteers.rota_world import NOW, a_period, a_proposal, a_shift, post_of, says, somebody, told
from tests.volunteers.threads import at_once
from volunteers.models import Availability, Offer, Post, ProposedPlace, RotaProposal, Shift, Signup
from volunteers.models.people import LetterKind
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.moving import WhenMoved, find_dependents

DAY, HOUR, HALF = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=30)
TIMED = {"volunteers.Shift": (Shift, Post, Signup), "school.Session": (Session, Enrolment)}
# A Tuesday evening, a Wednesday morning.
TUESDAY = dt.datetime(2026, 11, 24, 18, tzinfo=dt.UTC)
WEDNESDAY = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def move(shift, to, by, hours=3):
    return Shift.objects.get(pk=shift.pk).move(to, to + hours * HOUR, by=by)


def test_everything_on_a_time_is_listed():
    """Each column that points at a shift or a session, or at what has its time, says what becomes of it."""
    pointing = {
        (on, f"{model._meta.label}.{field.name}")  # noqa: SLF001 -- Django's own public name for it
        for on, things in TIMED.items()
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields  # noqa: SLF001 -- the same
        if isinstance(field, ForeignKey) and field.remote_field.model in things
    }
    listed = [(each.on, f"{each.model}.{each.column}") for each in find_dependents()]

    assert sorted(listed) == sorted(pointing)
    assert all(each.because for each in find_dependents())


def test_what_does_not_stay_has_code():
    """Whatever moves, asks again or falls does it by code of its model, or by the database's trigger."""
    has_code = {each.model for each in find_dependents() if each.follow}
    assert {each.model for each in find_dependents() if each.becomes != WhenMoved.STAYS} <= has_code


@pytest.mark.parametrize("answer", ["yes", "if_needed", "no"])
def test_answer_falls_and_is_asked_for_again(db, mo, answer):
    shift, wren = a_shift(TUESDAY, state="draft"), somebody("Wren")
    a_period(shift, a_shift(WEDNESDAY + DAY, state="draft"))
    says(wren, answer, shift)

    said = move(shift, WEDNESDAY, mo)

    assert not Availability.objects.exists()
    assert told(wren) == 1
    assert said == ["We ask 1 person again when they can come."]


@pytest.mark.parametrize(("to", "hours"), [(TUESDAY + HALF, 3), (TUESDAY - HALF, 3), (TUESDAY, 3.5)])
def test_answer_stays_within_half_an_hour(db, mo, to, hours):
    shift, wren = a_shift(TUESDAY, state="draft"), somebody("Wren")
    a_period(shift)
    says(wren, "yes", shift)

    move(shift, to, mo, hours)

    assert Availability.objects.get().answer == "yes"
    assert told(wren) == 0


def test_longer_shift_asks_again(db, mo):
    shift, wren = a_shift(TUESDAY, state="draft"), somebody("Wren")
    a_period(shift)
    says(wren, "yes", shift)

    move(shift, TUESDAY, mo, 6)

    assert not Availability.objects.exists()


@pytest.mark.parametrize("to", [WEDNESDAY, TUESDAY + 7 * DAY, TUESDAY - DAY])
def test_cover_request_lives_on(db, mo, to, clock):
    shift, wren = a_shift(TUESDAY), somebody("Wren")
    signup = post_of(shift).book(wren, by=wren)
    signup.look_for_cover(by=wren)
    ProcrastinateJob.objects.all().delete()

    move(shift, to, mo)

    assert Offer.objects.open(NOW).get(covers=signup).until == to
    assert ProcrastinateJob.objects.filter(task_name="volunteers.jobs.spread_offer").exists()


def test_asking_again_asks_again(db, mo):
    """A request that ran out, however it did, is made anew: nobody reads “everybody is asked” when nobody was."""
    shift, wren = a_shift(TUESDAY), somebody("Wren")
    signup = post_of(shift).book(wren, by=wren)
    signup.look_for_cover(by=wren)
    Offer.objects.all().delete()
    ProcrastinateJob.objects.all().delete()

    signup.look_for_cover(by=wren)
    signup.look_for_cover(by=wren)

    assert Offer.objects.open(NOW).filter(covers=signup, to=None).count() == 1
    assert ProcrastinateJob.objects.filter(task_name="volunteers.jobs.spread_offer").count() == 1


def test_offered_place_is_asked_again(db, mo):
    shift, wren = a_shift(TUESDAY), somebody("Wren")
    (offer,) = post_of(shift).offer(by=mo, to=[wren])
    before = told(wren)

    move(shift, WEDNESDAY, mo)
    asked_again = told(wren) - before
    move(shift, WEDNESDAY + HALF, mo)

    assert Offer.objects.get(pk=offer.pk).until == WEDNESDAY + HALF
    assert asked_again == told(wren) - before == 1


@pytest.mark.parametrize("moved", [0, 1])
def test_swap_falls_and_both_hear_it(db, mo, moved):
    shifts = a_shift(TUESDAY), a_shift(TUESDAY + 2 * DAY)
    people = somebody("Ash"), somebody("Wren")
    mine, theirs = [post_of(shift).book(who, by=who) for shift, who in zip(shifts, people, strict=True)]
    Offer.ask_to_swap(mine, [theirs], by=people[0])
    before = [told(who) for who in people]

    move(shifts[moved], WEDNESDAY + 7 * DAY, mo)

    assert not Offer.objects.exists()
    assert all(told(who) > was for who, was in zip(people, before, strict=True))


def test_swap_lasts_until_the_new_start(db, mo):
    shifts = a_shift(TUESDAY), a_shift(TUESDAY + 2 * DAY)
    people = somebody("Ash"), somebody("Wren")
    mine, theirs = [post_of(shift).book(who, by=who) for shift, who in zip(shifts, people, strict=True)]
    Offer.ask_to_swap(mine, [theirs], by=people[0])

    move(shifts[0], TUESDAY + HALF, mo)

    assert Offer.objects.get().until == TUESDAY + HALF


def test_proposed_place_falls(db, mo):
    shift, other = a_shift(TUESDAY, state="draft"), a_shift(TUESDAY + DAY, state="draft")
    proposal = a_proposal(shift, other)
    for each in (shift, other):
        proposal.places.create(post=post_of(each), person=somebody(f"P{each.pk}"))

    move(shift, TUESDAY + 2 * HOUR, mo)

    assert ProposedPlace.objects.get().post == post_of(other)


def test_proposal_in_the_making_stops(db, mo):
    """What is being worked out reads answers to the old time: it is asked for anew rather than shown."""
    shift = a_shift(TUESDAY, state="draft")
    proposal = a_proposal(shift, state="working")

    move(shift, WEDNESDAY, mo)

    assert RotaProposal.objects.get(pk=proposal.pk).has_stopped


def test_gap_letter_goes_out_for_new_day(db, mo):
    shift = a_shift(TUESDAY)
    Shift.objects.update(alerted_on=NOW.date())

    move(shift, WEDNESDAY, mo)

    assert Shift.objects.all().tell_of_gaps(NOW) == 1


REMIND_AT = TUESDAY - 20 * HOUR


@pytest.mark.parametrize(("to", "reminders"), [(TUESDAY + HALF, 0), (TUESDAY - 2 * HOUR, 0), (TUESDAY + 3 * DAY, 1)])
def test_moved_letter_is_the_reminder_if_near(db, mo, to, reminders, clock):
    shift, wren = a_shift(TUESDAY), somebody("Wren")
    post_of(shift).book(wren, by=wren)
    clock.move_to(REMIND_AT)
    assert Signup.objects.remind(REMIND_AT) == 1

    move(shift, to, mo)
    clock.move_to(to - 2 * HOUR)

    assert Signup.objects.remind(to - 2 * HOUR) == reminders


def test_who_hears_no_changes_is_reminded(db, mo, clock):
    """Somebody who wants only reminders learns the new time by one."""
    shift, wren = a_shift(TUESDAY), somebody("Wren")
    post_of(shift).book(wren, by=wren)
    wren.silence([LetterKind.SHIFTS])
    clock.move_to(REMIND_AT)
    Signup.objects.remind(REMIND_AT)

    move(shift, TUESDAY + HALF, mo)

    assert Signup.objects.remind(REMIND_AT) == 1


@pytest.mark.parametrize("state", ["came", "not_there"])
def test_shift_people_were_marked_on_stays(db, mo, clock, state):
    shift, wren = a_shift(TUESDAY), somebody("Wren")
    post_of(shift).book(wren, by=wren)
    clock.move_to(TUESDAY + DAY)
    shift.signups.update(state=state)

    with pytest.raises(NotAllowed, match=r"It has taken place: people were marked as there or not."):
        move(shift, TUESDAY + 9 * DAY, mo)


# --- Sessions ------------------------------------------------------------------------------------------------------


def change(session, to, **more):
    session = Session.objects.get(pk=session.pk)
    session.change(
        now=dt.datetime.now(dt.UTC),
        teaches=[*session.modules.all()],
        gives=[*session.facilitators.all()],
        starts_at=to,
        ends_at=to + 2 * HOUR,
        **more,
    )


@pytest.mark.parametrize(("to", "again"), [(TUESDAY + 7 * DAY, 1), (TUESDAY + 2 * DAY, 1), (TUESDAY + HALF, 0)])
def test_session_reminder_goes_out_for_new_day(db, clock, to, again):
    session, wren = a_session(a_course(), starts_at=TUESDAY), somebody("Wren")
    enrol(session, wren)
    clock.move_to(REMIND_AT)
    ahead = 36 * HOUR
    assert Enrolment.objects.send_reminders(REMIND_AT, ahead) == 1

    change(session, to)

    assert Enrolment.objects.send_reminders(to - 5 * HOUR, ahead) == again


@pytest.mark.parametrize(
    ("to", "until"),
    [(TUESDAY - 2 * DAY, NOW + DAY), (TUESDAY + 7 * DAY, NOW + DAY), (NOW + 5 * HOUR, NOW + 5 * HOUR)],
)
def test_held_place_is_held_anew(db, to, until):
    session, wren = a_session(a_course(), starts_at=TUESDAY), somebody("Wren")
    enrol(session, wren, "offered")

    change(session, to)

    assert session.enrolments.get().held_until == until


def test_place_held_until_start_follows_it(db):
    session, wren = a_session(a_course(), starts_at=TUESDAY), somebody("Wren")
    enrol(session, wren, "offered")

    change(session, TUESDAY - HALF)

    assert session.enrolments.get().held_until == TUESDAY - HALF


def test_who_gives_a_session_hears_it_moved(db, trainer):
    session, wren = a_session(a_course(), starts_at=TUESDAY), somebody("Wren")
    session.facilitators.add(wren)

    change(session, WEDNESDAY)

    assert told(wren) == 1


# --- Whatever is moved, and two at once ----------------------------------------------------------------------------

MINUTES = st.lists(st.integers(-4 * 24 * 2, 20 * 24 * 2).map(lambda halves: halves * 30), min_size=1, max_size=4)


@pytest.mark.django_db
@examples(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(minutes=MINUTES)
def test_any_moves_keep_promises(minutes):
    shift = a_shift(TUESDAY)
    mover = somebody(f"Mo {shift.pk}", roles=["coordinator"])
    wren, sam = somebody(f"Wren {shift.pk}"), somebody(f"Sam {shift.pk}")
    signup = post_of(shift).book(wren, by=wren)
    signup.look_for_cover(by=wren)
    Availability.objects.create(person=sam, shift=shift, answer="yes")
    answer_stands = True
    for change_of in minutes:
        to = TUESDAY + dt.timedelta(minutes=change_of)
        here = Shift.objects.get(pk=shift.pk)
        answer_stands &= abs(to - here.starts_at) <= HALF
        here.move(to, to + 3 * HOUR, by=mover)

        signup.refresh_from_db()
        assert (signup.during.lower, signup.during.upper) == (to, to + 3 * HOUR)
        assert Offer.objects.open(NOW).get(covers=signup).until == to
        assert Availability.objects.filter(shift=shift).exists() is answer_stands
        assert signup.reminded is (to - NOW <= 24 * HOUR)


@pytest.mark.django_db(transaction=True)
def test_answer_given_while_shift_moves(mo):
    """An answer is either about the new time, or it fell: none is left that was about the old one."""
    shift, wren = a_shift(TUESDAY, state="draft"), somebody("Wren")
    period = a_period(shift, a_shift(WEDNESDAY, state="draft"))
    says(wren, "yes", shift)

    answers = at_once(
        lambda: move(shift, WEDNESDAY + 4 * HOUR, mo),
        lambda: Offer.objects.count() + RotaProposal.objects.filter(period=period).count(),
    )

    assert not any(isinstance(answer, Exception) for answer in answers)
    assert not Availability.objects.exists()
