"""Who counts as cover: one rule for badges, gaps, free places, letters, the sheet, filling and the School.

Also tries volunteers/models/touched.py: what hangs on somebody who is paused, leaves or loses a qualification.
"""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from hub.people.erasure import erase_person
from tests.school.makers import a_course, a_session, enrol, states
from tests.volunteers.rota_world import NOW, a_period, a_shift, grant, on, post_of, qualification, says, somebody, told
from tests.volunteers.threads import at_once
from volunteers.models import Shift, Signup, User, solver_input
from volunteers.models.eligibility_queries import check_person, rank_people
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import touched

DAY = dt.timedelta(days=1)
POSTS = (("Desk", 2, 2, None),)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def covered(db):
    """A shift with two people, one who leads and knows naloxone, one at the desk: it is covered."""
    shift = a_shift(NOW + 3 * DAY, posts=POSTS)
    people = somebody("Ash", "shift-lead", "naloxone-trained"), somebody("Wren")
    for person in people:
        Signup.objects.create(person=person, post=post_of(shift))
    assert staffing(shift).sentences == ["Covered"]
    return shift, *people


def staffing(shift):
    return Shift.objects.with_counts().get(pk=shift.pk).staffing


def pause(person):
    User.objects.filter(pk=person.pk).update(is_active=False)


def lapse(person, slug="school-done"):
    person.holdings.filter(qualification__slug=slug).update(until=(NOW + 2 * DAY).date())


def need_naloxone(person):
    post = person.signups.get().post
    post.needs = qualification("naloxone-trained")
    post.save()


CANNOT = [pause, lapse, need_naloxone]


@pytest.mark.parametrize("cannot", CANNOT)
def test_who_cannot_come_is_no_cover(covered, cannot, coordinator):
    shift, _lead, wren = covered
    cannot(wren)

    assert staffing(shift).sentences[-1] == "1 needed"
    assert (staffing(shift).free, staffing(shift).people) == (1, 1)
    assert shift in Shift.objects.lacking()
    assert Shift.objects.all().tell_of_gaps(NOW) == 1


@pytest.mark.parametrize("cannot", CANNOT[:2])
def test_lead_who_cannot_come_is_missing(covered, cannot):
    shift, lead, _wren = covered
    cannot(lead)

    assert {"No shift lead", "Nobody naloxone-trained"} <= set(staffing(shift).sentences)


@pytest.mark.parametrize("cannot", CANNOT)
def test_place_is_free_for_somebody_else(covered, cannot, coordinator):
    shift, _lead, wren = covered
    cannot(wren)
    sam = somebody("Sam", "naloxone-trained")

    assert not check_person(post_of(shift), sam)
    assert sam in [person for person, why in rank_people(post_of(shift)) if not why]
    post_of(shift).book(sam, by=sam)

    assert on(shift) == ["Ash", "Sam"]
    with pytest.raises(NotAllowed, match="Every place is taken"):
        post_of(shift).book(somebody("Kit", "naloxone-trained"), by=coordinator)


@pytest.mark.parametrize("cannot", CANNOT)
def test_pages_and_sheet_say_so(covered, cannot, client, sign_in, demo, coordinator):
    shift, _lead, wren = covered
    cannot(wren)
    sign_in(client, coordinator)

    for page in ("rota:week", "rota:gaps"):
        assert "1 needed" in client.get(reverse(page) if page == "rota:gaps" else week(shift)).content.decode(), page
    sheet = client.get(reverse("rota:shift-sheet", args=[shift.pk])).content.decode()
    shown = client.get(shift.get_absolute_url()).content.decode()
    assert "1 needed" in sheet
    assert "Full" not in shown


def week(shift):
    return reverse("rota:week-of", kwargs={"day": shift.day})


@pytest.mark.parametrize("cannot", CANNOT)
def test_filling_passes_over_who_cannot_come(covered, cannot):
    shift, _lead, wren = covered
    cannot(wren)
    says(wren, "yes", shift)
    period = a_period(shift)

    people = {person.id: person for person in solver_input.people_to_ask(period, solver_input.shifts_to_fill(period))}

    if wren.pk in people:
        assert not people[wren.pk].on
        assert shift.pk in people[wren.pk].barred


def test_who_was_there_counts(covered):
    shift, lead, wren = covered
    shift.signups.update(state="came")
    for person in (lead, wren):
        pause(person)

    assert staffing(shift).people == 2
    assert Signup.objects.counting(NOW).count() == 2


def test_past_shift_stays_as_it_was(covered):
    shift, _lead, wren = covered
    pause(wren)

    with time_machine.travel(NOW + 4 * DAY, tick=False):
        assert staffing(shift).needed == 0


HOLDS = st.sampled_from(["ever", "until the day before", "until the day", "not"])
PEOPLE = st.lists(
    st.tuples(st.booleans(), HOLDS, HOLDS, st.sampled_from(["confirmed", "looking", "came", "withdrawn"])), max_size=3
)


@pytest.mark.django_db
@examples(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(people=PEOPLE)
def test_rule_in_sql_gives_its_reasons(people):
    """Whoever is on and does not count has a reason that a planner reads, and whoever counts has none."""
    shift = a_shift(NOW + 3 * DAY, posts=(("Desk", 1, 9, "naloxone-trained"),))
    days = {"ever": None, "until the day before": shift.day - DAY, "until the day": shift.day}
    for number, (active, school, naloxone, state) in enumerate(people):
        person = somebody(f"P{shift.pk} {number}", school=False)
        for slug, held in (("school-done", school), ("naloxone-trained", naloxone)):
            if held != "not":
                grant(person, slug, until=days[held])
        Signup.objects.create(person=person, post=post_of(shift), state=state)
        User.objects.filter(pk=person.pk).update(is_active=active)

    (shown,) = Shift.objects.filter(pk=shift.pk).with_people()

    for signup in shown.on_it:
        assert signup.counts is (signup.state == "came" or not signup.lapsed)


# --- What hangs on them, before and after --------------------------------------------------------------------------


@pytest.fixture
def busy(covered):
    """Somebody on a shift ahead, with a place in a session ahead, who gives another."""
    shift, lead, wren = covered
    session = a_session(a_course(), starts_at=NOW + 5 * DAY, places=1)
    enrol(session, wren)
    enrol(session, somebody("Next"), "waiting")
    return shift, session, lead, wren


@pytest.mark.parametrize("what", ["pause", "end", "erase"])
def test_person_page_shows_what_hangs_on_them(busy, what, client, sign_in, demo, coordinator):
    shift, session, _lead, wren = busy
    sign_in(client, coordinator)
    address = reverse("hub:erase", args=[wren.pk]) if what == "erase" else reverse("volunteers:person", args=[wren.pk])

    page = client.get(address).content.decode()

    assert shift.when in page
    if what != "end":
        assert session.name in page


@pytest.mark.parametrize("what", ["pause", "end", "leave", "erase"])
def test_who_plans_is_told_afterwards(busy, what, coordinator):
    shift, session, _lead, wren = busy
    planner = somebody("Plan", roles=["coordinator"])
    before = told(planner)

    if what == "pause":
        wren.pause(by=coordinator)
    elif what == "end":
        wren.holdings.get(qualification__slug="school-done").end(NOW.date(), by=coordinator)
    else:
        erase_person(wren, by=wren if what == "leave" else coordinator)

    assert told(planner) > before
    assert shift in Shift.objects.lacking()
    if what != "end":
        assert states(session)["Next"] == "offered"


def test_ending_what_they_need_not_tells_nobody(busy, coordinator):
    _shift, _session, _lead, wren = busy
    planner = somebody("Plan", roles=["coordinator"])
    wren.grant(qualification("keyholder"), by=coordinator, reason="Trained").end(NOW.date(), by=coordinator)
    wren.grant(qualification("shift-lead"), by=coordinator, reason="Trained")

    assert told(planner) == 0
    assert not touched.find_touched(wren, NOW, without=wren.holdings.get(qualification__slug="keyholder"))
    assert touched.find_touched(wren, NOW, without=wren.holdings.get(qualification__slug="shift-lead"))


@pytest.mark.django_db(transaction=True)
def test_two_take_the_place_of_one_paused(covered):
    shift, _lead, wren = covered
    pause(wren)
    both = somebody("Sam"), somebody("Kit")
    post = post_of(shift)

    answers = at_once(*(lambda person=person: post.book(person, by=person) for person in both))

    assert sorted(type(answer).__name__ for answer in answers) == ["NotAllowed", "Signup"]
    assert shift.signups.live().count() == 2
