"""Merging two records keeps what both have done: volunteers' `signup_merging`, the School's `merging`."""

import datetime as dt

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from hub.people.merge import merge_people, preview_merge
from hub.people.models.calendar_feed import Feed
from school.models import Completion, Outcome
from tests.conftest import PASSWORD
from tests.school.makers import a_course, a_session, enrol, say_done, states
from tests.volunteers.rota_world import (
    a_period,
    a_post,
    a_proposal,
    a_shift,
    on,
    post_of,
    qualification,
    says,
    somebody,
)
from tests.volunteers.threads import at_once
from volunteers.models import Hours, Offer, ProposedPlace, Signup, User, WantedShifts
from volunteers.shared.refusals import NotAllowed
from volunteers.staffing import LIVE

NOW = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two(coordinator):
    """Two records of one person, the one that stays first."""
    return somebody("Ash"), somebody("Ashley")


def put(person, shift, state="confirmed", role="Desk"):
    return Signup.objects.create(person=person, post=post_of(shift, role), state=state)


def check_deferred():
    """What the database looks at when a transaction ends, looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def sums(*people):
    """Minutes worked, hours of old shifts among them; live places; and modules done: of these records together."""
    live = Signup.objects.filter(person__in=people, state__in=LIVE)
    past = {signup.shift_id: signup for signup in live if signup.during.upper <= NOW}
    minutes = sum((each.during.upper - each.during.lower).total_seconds() / 60 for each in past.values())
    return (
        minutes + sum(Hours.objects.filter(person__in=people).values_list("minutes", flat=True)),
        set(live.filter(during__endswith__gt=NOW).values_list("shift", flat=True)),
        set(Outcome.objects.filter(person__in=people, state="done").values_list("module", flat=True)),
    )


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("days", "one", "other", "kept"),
    [
        (7, "withdrawn", "confirmed", "confirmed"),
        (7, "withdrawn", "looking", "looking"),
        (-7, "not_there", "came", "came"),
        (-7, "withdrawn", "confirmed", "confirmed"),
    ],
)
def test_live_signup_wins_over_another(two, coordinator, days, one, other, kept, swapped):
    shift = a_shift(NOW + days * DAY, posts=(("Desk", 1, 2, None), ("Door", 1, 2, None)))
    stays, goes = two
    first, second = (goes, stays) if swapped else (stays, goes)
    put(first, shift, one)
    put(second, shift, other, "Door")
    before = sums(*two)

    merge_people(stays, goes, by=coordinator)

    (left,) = Signup.objects.all()
    assert (left.person, left.state, left.post.role) == (stays, kept, "Door")
    assert sums(stays) == before


def test_hours_of_one_quarter_add_up(two, coordinator):
    quarter, earlier = dt.date(2026, 7, 1), dt.date(2026, 4, 1)
    for person, minutes, shifts, month in ((two[0], 600, 3, 7), (two[1], 360, 2, 9)):
        Hours.objects.create(
            person=person, quarter=quarter, minutes=minutes, shifts=shifts, last_month=dt.date(2026, month, 1)
        )
    Hours.objects.create(person=two[1], quarter=earlier, minutes=60, shifts=1, last_month=earlier)

    merge_people(*two, by=coordinator)

    assert set(Hours.objects.values_list("person", "quarter", "minutes", "shifts", "last_month")) == {
        (two[0].pk, quarter, 960, 5, dt.date(2026, 9, 1)),
        (two[0].pk, earlier, 60, 1, earlier),
    }


def test_overlap_ahead_frees_the_second_place(two, coordinator):
    stays, goes = two
    first, second = a_shift(NOW + DAY), a_shift(NOW + DAY + dt.timedelta(hours=2))
    put(stays, first)
    put(goes, second)

    said = " ".join(preview_merge(stays, goes).sentences)
    merge_people(stays, goes, by=coordinator)

    assert (on(first), on(second)) == (["Ash"], [])
    assert Offer.objects.filter(post=post_of(second), to=None).exists()
    assert f"{second.when} is at the same time as" in said


@pytest.mark.parametrize(("mine", "theirs"), [("came", "came"), ("confirmed", "came"), ("confirmed", "confirmed")])
def test_overlap_of_past_shifts_keeps_hours(two, coordinator, mine, theirs):
    stays, goes = two
    first, second = a_shift(NOW - 5 * DAY), a_shift(NOW - 5 * DAY + dt.timedelta(hours=2), hours=4)
    put(stays, first, mine)
    put(goes, second, theirs)
    before = sums(*two)

    merge_people(stays, goes, by=coordinator)

    assert sums(stays) == before == (420, set(), set())
    assert Hours.objects.worked([stays], NOW)[stays.pk].shifts == 2


def test_place_held_twice_becomes_free_once(two, coordinator):
    shift = a_shift(NOW + DAY, posts=(("Desk", 1, 1, None), ("Door", 1, 1, None)))
    put(two[0], shift, "looking")
    put(two[1], shift, "confirmed", "Door")

    merge_people(*two, by=coordinator)

    assert [(signup.state, signup.post.role) for signup in Signup.objects.live()] == [("confirmed", "Door")]
    assert Offer.objects.get().post.role == "Desk"


def test_answer_that_promises_less_wins(two, coordinator):
    shifts = [a_shift(NOW + n * DAY, state="draft") for n in (1, 2, 3)]
    period = a_period(*shifts)
    for shift, mine, theirs in zip(shifts, ("yes", "no", "yes"), ("no", "yes", "if_needed"), strict=True):
        says(two[0], mine, shift)
        says(two[1], theirs, shift)
    for person, wanted in zip(two, (4, 2), strict=True):
        WantedShifts.objects.create(person=person, period=period, wanted=wanted)

    merge_people(*two, by=coordinator)

    kept = two[0].answers.order_by("shift__starts_at").values_list("answer", flat=True)
    assert [*kept] == ["no", "no", "if_needed"]
    assert two[0].wishes.get().wanted == 2


def test_offer_to_both_keeps_the_longer(two, coordinator):
    shift = a_shift(NOW + 5 * DAY)
    for person, days in zip(two, (1, 2), strict=True):
        post_of(shift).offers.create(to=person, until=NOW + days * DAY)

    merge_people(*two, by=coordinator)

    assert Offer.objects.get().until == NOW + 2 * DAY


def test_nobody_is_asked_to_cover_themselves(two, coordinator):
    shift, other = a_shift(NOW + 5 * DAY), a_shift(NOW + 6 * DAY)
    mine = put(two[0], shift)
    post_of(shift).offers.create(to=two[1], covers=mine, until=NOW + DAY)
    post_of(shift).offers.create(to=two[1], covers=mine, in_return=put(two[1], other), until=NOW + DAY)
    post_of(other).offers.create(to=two[0], until=NOW + DAY)

    merge_people(*two, by=coordinator)

    assert not Offer.objects.exists()
    assert Signup.objects.live().filter(person=two[0]).count() == 2


def test_proposed_place_of_both_is_one(two, coordinator):
    shift = a_shift(NOW + 5 * DAY, state="draft")
    proposal, other = a_proposal(shift), a_post(shift, "Door")
    for person, post in ((two[0], post_of(shift)), (two[1], post_of(shift)), (two[1], other)):
        proposal.places.create(post=post, person=person)

    merge_people(*two, by=coordinator)

    assert set(ProposedPlace.objects.values_list("person", "post__role")) == {(two[0].pk, "Desk"), (two[0].pk, "Door")}


@pytest.mark.parametrize("whose", [(0,), (1,), (0, 1)])
def test_calendar_address_goes_on_working(two, coordinator, whose):
    tokens = {n: Feed.objects.renew(two[n]) for n in whose}

    merge_people(*two, by=coordinator)

    assert Feed.objects.at(tokens[min(tokens)]).person == two[0]
    assert Feed.objects.count() == 1


@pytest.mark.parametrize("swapped", [False, True])
def test_completion_outlives_a_changed_curriculum(two, coordinator, trainer, swapped):
    """A course done before it had a third module stays done, whichever record stays."""
    course = a_course()
    session = a_session(course, starts_at=NOW - DAY)
    stays, goes = (two[1], two[0]) if swapped else two
    for person in two:
        person.holdings.all().delete()
    enrol(session, goes, "there")
    say_done(session, goes, trainer, now=NOW)
    check_deferred()
    course.modules.create(title="Veins", slug="veins", strand=course.modules.first().strand, order=9)

    merge_people(stays, goes, by=coordinator)
    check_deferred()

    assert Completion.objects.get(course=course).person == stays
    assert {held.qualification.slug for held in stays.holdings.on(NOW.date())} == {"school-done", "naloxone-trained"}


def test_course_done_in_both_is_done_once(two, coordinator, trainer):
    course = a_course()
    for number, person in enumerate(two):
        session = a_session(course, starts_at=NOW - (9 - number) * DAY)
        enrol(session, person, "there")
        say_done(session, person, trainer, now=NOW)
    before = sums(*two)

    merge_people(*two, by=coordinator)
    check_deferred()

    assert sums(two[0]) == before
    assert Completion.objects.filter(course=course).count() == 1
    assert two[0].holds("school-done", NOW.date())
    assert two[0].holds("naloxone-trained", NOW.date() + 700 * DAY)


def test_freed_place_goes_to_who_waits(two, coordinator):
    session = a_session(a_course(), starts_at=NOW + 5 * DAY, places=2)
    for person in two:
        enrol(session, person)
    enrol(session, somebody("Wren"), "waiting")

    merge_people(*two, by=coordinator)

    assert states(session) == {"Ash": "enrolled", "Wren": "offered"}


def test_own_words_of_both_are_kept(two, coordinator):
    for person, contact, needs in zip(two, ("07700 900123", "@ash"), ("A chair", "No stairs"), strict=True):
        person.contact, person.access_needs = contact, needs
        person.save()
    User.objects.filter(pk=two[1].pk).update(on_break_until=NOW.date() + 9 * DAY)

    merge_people(*two, by=coordinator)

    stays = User.objects.get(pk=two[0].pk)
    assert (stays.contact, stays.access_needs) == ("07700 900123, @ash", "A chair\nNo stairs")
    assert stays.on_break_until == NOW.date() + 9 * DAY


STATE = st.sampled_from(["confirmed", "looking", "withdrawn", "came", "not_there"])
PLACES = st.lists(
    st.tuples(st.integers(-6, 6).filter(bool), st.none() | STATE, st.none() | STATE),
    max_size=6,
    unique_by=lambda place: place[0],
)
QUARTERS = st.lists(st.tuples(st.sampled_from([1, 4, 7]), st.booleans(), st.integers(30, 900)), max_size=5)
MODULES = st.tuples(*[st.sampled_from(["done", "together", "not_yet"])] * 4)


@pytest.mark.django_db
@examples(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(places=PLACES, hours=QUARTERS, modules=MODULES)
def test_sums_are_equal_before_and_after(places, hours, modules):
    """Whatever two records hold: minutes worked, live places and done modules are those of both together."""
    with transaction.atomic():
        planner = User.objects.create_user("mo", chosen_name="Mo", password=PASSWORD, roles=["coordinator"])
        two = somebody("Ash"), somebody("Ashley")
        lay_out(two, planner, places, hours, modules)
        before = sums(*two)

        merge_people(*two, by=planner)
        check_deferred()

        assert sums(two[0]) == before
        assert not Hours.objects.exclude(person=two[0]).exists()
        transaction.set_rollback(True)


def lay_out(two, planner, places, hours, modules):
    for days, *states_of_both in places:
        shift = a_shift(NOW + days * DAY, posts=(("Desk", 1, 9, None), ("Door", 1, 9, None)))
        for person, state, role in zip(two, states_of_both, ("Desk", "Door"), strict=True):
            if state:
                put(person, shift, "confirmed" if days > 0 and state in {"came", "not_there"} else state, role)
    for month, second, minutes in hours:
        day = dt.date(2026, month, 1)
        Hours.objects.add(Hours(person=two[second], quarter=day, minutes=minutes, shifts=1, last_month=day))
    course = a_course()
    session = a_session(course, starts_at=NOW - 2 * DAY)
    for person, (first, last) in zip(two, (modules[:2], modules[2:]), strict=True):
        enrol(session, person, "there")
        for module, state in zip(course.modules.all(), (first, last), strict=True):
            Outcome.objects.record(session, person, module, state, by=planner, now=NOW)


def test_page_shows_what_becomes_of_each(client, sign_in, demo, coordinator, two):
    stays, goes = two
    shift = a_shift(NOW + DAY)
    put(stays, shift, "withdrawn")
    put(goes, shift)
    put(goes, a_shift(NOW + 3 * DAY))
    for person in two:
        Hours.objects.create(
            person=person, quarter=dt.date(2026, 7, 1), minutes=600, shifts=2, last_month=dt.date(2026, 7, 1)
        )
    sign_in(client, coordinator)

    address = f"/people/{stays.pk}/merge/"

    with CaptureQueriesContext(connection) as statements:
        page = client.get(address, {"goes": goes.pk}).content.decode()

    assert "On shifts" in page
    assert "2 move here. 1 is in both" in " ".join(page.split())
    assert "Hours of past quarters" in page
    assert len(statements) <= 12
    assert client.get(address, {"goes": "x"}).status_code == 422
    assert "On shifts" in client.post(address, {"goes": goes.pk}).content.decode()
    assert User.objects.filter(pk=goes.pk).exists()


def test_holding_given_twice_is_held_on(two, coordinator):
    keys = qualification("keyholder")
    two[0].grant(keys, by=coordinator, reason="Lent", exception=True, until=NOW.date() + 5 * DAY)
    two[1].grant(keys, by=coordinator, reason="Trained")

    merge_people(*two, by=coordinator)

    assert two[0].holds("keyholder", NOW.date() + 400 * DAY)
    assert timezone.localdate() == NOW.date()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", range(3))
def test_merging_while_a_place_is_taken(two, coordinator, again):
    """The place is taken before, and comes over, or after, and is refused: no shift is left with nobody's row."""
    stays, goes = two
    shift = a_shift(NOW + (4 + again) * DAY, posts=(("Desk", 1, 1, None),))
    put(goes, a_shift(NOW + 2 * DAY))

    merged, booked = at_once(
        lambda: merge_people(stays, goes, by=coordinator), lambda: post_of(shift).book(goes, by=goes)
    )

    assert set(Signup.objects.values_list("person", flat=True)) == {stays.pk}
    assert (merged, type(booked)) in {(None, Signup), (None, NotAllowed)}


@pytest.mark.django_db(transaction=True)
def test_two_merge_the_same_records(two, coordinator, admin):
    put(two[1], a_shift(NOW + 2 * DAY))

    answers = at_once(lambda: merge_people(*two, by=coordinator), lambda: merge_people(*two, by=admin))

    assert sorted(map(type, answers), key=str) == [type(None), NotAllowed]
    assert Signup.objects.get().person == two[0]
