"""Shifts: their states, their times, who leads one, and what the database refuses whatever the code does."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from tests.volunteers.rota_world import a_post, a_shift, at, on, post_of, somebody, told
from volunteers.models import RotaSettings, Shift, Signup
from volunteers.shared.refusals import NotAllowed
from volunteers.staffing import Lack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
THURSDAY, FRIDAY = at("2026-11-26"), at("2026-11-27")


def refused(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("starts", "ends", "rule"),
    [
        (THURSDAY, THURSDAY, "shift_ends_after_start"),
        (THURSDAY, THURSDAY - dt.timedelta(minutes=1), "shift_ends_after_start"),
        (THURSDAY, THURSDAY + dt.timedelta(hours=40), "shift_a_day_at_most"),
    ],
)
def test_database_refuses_impossible_shift_length(starts, ends, rule):
    with refused(rule):
        Shift.objects.create(starts_at=starts, ends_at=ends)


def test_database_ties_cancellation_to_reason():
    shift = a_shift(THURSDAY)
    for wrong in ({"state": "cancelled"}, {"reason": "Flood"}):
        with refused("shift_cancelled_for_a_reason"), transaction.atomic():
            Shift.objects.filter(pk=shift.pk).update(**wrong)


def test_database_refuses_overlaps_and_allows_touching():
    ash = somebody("Ash")
    first, second = a_shift(THURSDAY), a_shift(THURSDAY + dt.timedelta(hours=3))
    between = a_shift(THURSDAY + dt.timedelta(hours=2))
    for shift in (first, second):
        Signup.objects.create(person=ash, post=post_of(shift), shift=shift)

    with refused("signup_nobody_in_two_places"):
        Signup.objects.create(person=ash, post=post_of(between), shift=between)


def test_database_refuses_moving_into_overlap():
    ash = somebody("Ash")
    first, second = a_shift(THURSDAY), a_shift(FRIDAY)
    for shift in (first, second):
        Signup.objects.create(person=ash, post=post_of(shift), shift=shift)

    with refused("signup_nobody_in_two_places"):
        Shift.objects.filter(pk=second.pk).update(starts_at=first.starts_at, ends_at=first.ends_at)


def test_database_copies_shift_and_times():
    ash, shift, other = somebody("Ash"), a_shift(THURSDAY), a_shift(FRIDAY)

    signup = Signup.objects.create(person=ash, post=post_of(shift), shift=other)
    signup.refresh_from_db()

    assert signup.shift == shift
    assert (signup.during.lower, signup.during.upper) == (shift.starts_at, shift.ends_at)
    assert (signup.during.lower_inc, signup.during.upper_inc) == (True, False)


def test_database_takes_people_along_when_their_shift_moves():
    ash, shift = somebody("Ash"), a_shift(THURSDAY)
    signup = Signup.objects.create(person=ash, post=post_of(shift), shift=shift)

    Shift.objects.filter(pk=shift.pk).update(starts_at=FRIDAY, ends_at=FRIDAY + dt.timedelta(hours=1))
    signup.refresh_from_db()

    assert (signup.during.lower, signup.during.upper) == (FRIDAY, FRIDAY + dt.timedelta(hours=1))
    assert signup.revision == 1


def test_database_keeps_one_signup_per_shift():
    ash, shift = somebody("Ash"), a_shift(THURSDAY, posts=[("Desk", 1, 2, None), ("Kettle", 1, 2, None)])
    Signup.objects.create(person=ash, post=post_of(shift), shift=shift)

    with refused("signup_(once_per_person_and_shift|nobody_in_two_places)"):
        Signup.objects.create(person=ash, post=post_of(shift, "Kettle"), shift=shift)


def test_database_keeps_posts_within_maximum():
    shift = a_shift(THURSDAY)
    post = post_of(shift)
    signups = [Signup.objects.create(person=somebody(name), post=post, shift=shift) for name in ("Ash", "Bo")]

    with refused("Every place is taken"), transaction.atomic():
        Signup.objects.create(person=somebody("Cam"), post=post, shift=shift)
    with refused("More people are on this post"), transaction.atomic():
        post.__class__.objects.filter(pk=post.pk).update(maximum=1)
    Signup.objects.filter(pk=signups[0].pk).update(state="withdrawn")
    Signup.objects.create(person=somebody("Dee"), post=post, shift=shift)
    with refused("Every place is taken"):
        Signup.objects.filter(pk=signups[0].pk).update(state="confirmed")


def test_database_refuses_moving_post_elsewhere():
    post, other = post_of(a_shift(THURSDAY)), a_shift(FRIDAY)

    with refused("A post stays on its shift"):
        post.__class__.objects.filter(pk=post.pk).update(shift=other)


def test_database_refuses_signup_on_cancelled_shift():
    shift = a_shift(THURSDAY)
    Shift.objects.filter(pk=shift.pk).update(state="cancelled", reason="Flood")

    with refused("That shift is cancelled"):
        Signup.objects.create(person=somebody("Ash"), post=post_of(shift), shift=shift)


def test_database_frees_people_of_a_cancelled_shift():
    ash, shift = somebody("Ash"), a_shift(THURSDAY)
    signup = Signup.objects.create(person=ash, post=post_of(shift), shift=shift)

    Shift.objects.filter(pk=shift.pk).update(state="cancelled", reason="Flood")
    signup.refresh_from_db()

    assert signup.state == "withdrawn"
    post_of(a_shift(THURSDAY)).book(ash, by=ash)


@pytest.mark.parametrize(
    ("numbers", "rule"),
    [((2, 1), "post_minimum_fits"), ((0, 0), "post_takes_somebody"), ((0, 51), "post_takes_somebody")],
)
def test_database_refuses_posts_that_make_no_sense(numbers, rule):
    with refused(rule):
        a_post(a_shift(THURSDAY, posts=()), "Desk", *numbers)


def test_database_refuses_a_state_nobody_knows():
    shift = a_shift(THURSDAY)
    with refused("signup_state_known"):
        Signup.objects.create(person=somebody("Ash"), post=post_of(shift), shift=shift, state="maybe")


def test_only_one_row_of_settings():
    RotaSettings.objects.create(pk=1)
    with refused("rotasettings_only_one"):
        RotaSettings.objects.create(pk=2)


def test_publishing_tells_people_once(mo):
    ash = somebody("Ash")
    shifts = [a_shift(at(f"2026-11-{day}"), state="draft") for day in (24, 26)]
    for shift in shifts:
        post_of(shift).book(ash, by=mo)
    assert told(ash) == 0

    assert Shift.objects.publish(by=mo) == 2
    assert Shift.objects.publish(by=mo) == 0

    assert told(ash) == 1
    assert set(Shift.objects.values_list("state", flat=True)) == {"published"}


def test_publishing_is_for_coordinators():
    with pytest.raises(NotAllowed, match="Only a coordinator"):
        a_shift(THURSDAY, state="draft").publish(by=somebody("Ash", "shift-lead"))


def test_cancelling_frees_and_tells_people_once(mo):
    ash, shift = somebody("Ash"), a_shift(THURSDAY)
    post_of(shift).book(ash, by=ash)
    before = told(ash)

    shift.cancel("  The boiler ", by=mo)

    assert (shift.state, shift.reason, on(shift), told(ash)) == ("cancelled", "The boiler", [], before + 1)
    with pytest.raises(NotAllowed, match="cancelled already"):
        shift.cancel("Again", by=mo)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_cancelling_wants_a_reason_that_fits(mo, reason):
    shift = a_shift(THURSDAY)

    with pytest.raises(NotAllowed):
        shift.cancel(reason, by=mo)

    shift.refresh_from_db()
    assert shift.state == "published"


def test_a_shift_put_back_is_published_and_empty(mo):
    ash, shift = somebody("Ash"), a_shift(THURSDAY)
    post_of(shift).book(ash, by=ash)
    shift.cancel("Flood", by=mo)

    shift.restore(by=mo)

    assert (shift.state, shift.reason, on(shift)) == ("published", "", [])
    post_of(shift).book(ash, by=ash)
    assert on(shift) == ["Ash"]
    with pytest.raises(NotAllowed, match="not cancelled"):
        shift.restore(by=mo)


def test_moving_tells_people_and_names_conflicts(mo):
    ash, bo = somebody("Ash"), somebody("Bo")
    first, second = a_shift(THURSDAY), a_shift(FRIDAY)
    for person in (ash, bo):
        post_of(first).book(person, by=person)
    post_of(second).book(ash, by=ash)
    before = told(bo)

    with pytest.raises(NotAllowed) as refusal:
        first.move(FRIDAY, FRIDAY + dt.timedelta(hours=2), by=mo)
    assert refusal.value.reasons == ["Ash is on another shift then: Friday 27 November, 6 pm to 9 pm."]
    first.refresh_from_db()
    assert first.starts_at == THURSDAY

    first.move(THURSDAY - dt.timedelta(hours=1), THURSDAY, by=mo)
    assert told(bo) == before + 1
    first.move(THURSDAY - dt.timedelta(hours=1), THURSDAY, by=mo)
    assert told(bo) == before + 1


@pytest.mark.parametrize(("hours", "said"), [(0, "end after it starts"), (40, "24 hours at most")])
def test_moving_to_impossible_length_is_refused(mo, hours, said):
    shift = a_shift(THURSDAY)

    with pytest.raises(NotAllowed, match=said):
        shift.move(FRIDAY, FRIDAY + dt.timedelta(hours=hours), by=mo)


def test_lead_leads_one_hour_around_shift(now):
    bo, ash = somebody("Bo", "shift-lead"), somebody("Ash")
    shift = a_shift(THURSDAY)
    shift.posts.update(maximum=3)
    for person in (bo, ash):
        post_of(shift).book(person, by=person)
    answers = {}
    for clock in ("16:59", "17:00", "18:00", "20:59", "21:00", "21:59", "22:00"):
        moment = at("2026-11-26", clock)
        answers[clock] = (leads_tonight(bo, moment), leads_tonight(ash, moment), shift.is_on(moment))

    yes, no = (True, False, True), (False, False, False)
    assert answers == {
        "16:59": no, "17:00": yes, "18:00": yes, "20:59": yes, "21:00": yes, "21:59": yes, "22:00": no,
    }  # fmt: skip


def test_lead_past_midnight_counts_by_start_day(now):
    bo = somebody("Bo")
    shift = a_shift(at("2026-11-26", "22:00"), hours=6)
    post_of(shift).book(bo, by=bo)
    bo.holdings.create(
        qualification_id=_lead_pk(), since=dt.date(2026, 11, 1), until=dt.date(2026, 11, 27), reason="Seen"
    )

    assert leads_tonight(bo, at("2026-11-27", "03:00"))


def _lead_pk():
    from tests.volunteers.rota_world import qualification  # noqa: PLC0415 -- only here

    return qualification("shift-lead").pk


@pytest.mark.parametrize("change", [{"state": "draft"}, {"state": "cancelled", "reason": "Flood"}])
def test_nobody_leads_a_shift_that_is_not_published(change):
    bo, shift = somebody("Bo", "shift-lead"), a_shift(THURSDAY)
    post_of(shift).book(bo, by=bo)
    Shift.objects.filter(pk=shift.pk).update(**change)

    assert not leads_tonight(bo, at("2026-11-26", "19:00"))
    assert not Shift.objects.on_now(at("2026-11-26", "19:00")).exists()


def test_withdrawn_or_paused_lead_leads_nothing():
    bo, shift = somebody("Bo", "shift-lead"), a_shift(THURSDAY)
    signup = post_of(shift).book(bo, by=bo)
    assert leads_tonight(bo, at("2026-11-26", "19:00"))

    bo.is_active = False
    bo.save()
    assert not leads_tonight(bo, at("2026-11-26", "19:00"))
    bo.is_active = True
    bo.save()
    signup.withdraw(by=bo)
    assert not leads_tonight(bo, at("2026-11-26", "19:00"))


def test_lead_cancels_current_evening_and_coordinators_hear(mo, now):
    bo, ash = somebody("Bo", "shift-lead"), somebody("Ash")
    shift = a_shift(THURSDAY)
    for person in (bo, ash):
        post_of(shift).book(person, by=person)
    with pytest.raises(NotAllowed):
        shift.cancel("Too early", by=bo)
    before = told(ash), told(mo)

    now.move_to(at("2026-11-26", "17:30"))
    with pytest.raises(NotAllowed):
        shift.cancel("Not a lead", by=ash)
    shift.cancel("No power in the building", by=bo)

    assert (told(ash), told(mo)) == (before[0] + 1, before[1] + 1)


def leads_tonight(person, moment):
    return Shift.objects.led_by(person, moment).exists()


def staffing_of(shift):
    return Shift.objects.with_staffing().get(pk=shift.pk).staffing


def test_shift_says_all_it_lacks(mo):
    shift = a_shift(THURSDAY, posts=[("Desk", 2, 3, None), ("Lead", 1, 1, "shift-lead")])
    assert staffing_of(shift).lacks == [Lack.NOBODY]
    assert staffing_of(shift).sentences == ["Nobody yet", "3 needed"]
    assert staffing_of(shift).kind == "empty"

    post_of(shift).book(somebody("Ash"), by=mo)
    assert staffing_of(shift).sentences == ["One person alone", "No shift lead", "Nobody naloxone-trained", "2 needed"]

    post_of(shift, "Lead").book(somebody("Bo", "shift-lead"), by=mo)
    assert staffing_of(shift).sentences == ["Nobody naloxone-trained", "1 needed"]

    signup = post_of(shift).book(somebody("Cam", "naloxone-trained"), by=mo)
    assert (staffing_of(shift).sentences, staffing_of(shift).kind) == (["Covered"], "full")

    signup.look_for_cover(by=signup.person)
    assert (staffing_of(shift).sentences, staffing_of(shift).kind) == (["1 needs cover"], "part")


def test_qualification_expired_by_then_counts_nothing(mo):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 3, None)])
    bo = somebody("Bo", "shift-lead")
    ash = somebody("Ash", "naloxone-trained")
    for person in (bo, ash):
        post_of(shift).book(person, by=mo)
    ash.holdings.filter(qualification__slug="naloxone-trained").update(until=dt.date(2026, 11, 26))

    assert staffing_of(shift).lacks == [Lack.NALOXONE]


def test_shift_without_visitors_needs_no_lead(mo):
    shift = a_shift(THURSDAY, drop_in=False)
    post_of(shift).book(somebody("Ash"), by=mo)

    assert staffing_of(shift).sentences == ["Covered"]


def test_shifts_with_people_take_four_statements(mo, django_assert_num_queries):
    people = [somebody("Ash"), somebody("Bo", "shift-lead")]
    for day in (24, 26, 28):
        shift = a_shift(at(f"2026-11-{day}"))
        for person in people:
            post_of(shift).book(person, by=mo)
        with django_assert_num_queries(4):
            assert {shift.staffing.needed for shift in Shift.objects.with_staffing()} == {0}


def test_draft_is_visible_to_planners_only(mo):
    a_shift(THURSDAY, state="draft")

    assert Shift.objects.visible_to(mo).count() == 1
    assert Shift.objects.visible_to(somebody("Ash")).count() == 0


def test_the_extension_the_rules_stand_on_is_there():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist'")
        assert cursor.fetchone() == (1,)
