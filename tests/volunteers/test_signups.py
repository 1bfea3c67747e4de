"""Getting on a shift and getting off it: who may, what is said, and who hears of it.

Also tries volunteers/models/posts.py and volunteers/models/rota_settings.py.
"""

import datetime as dt

import pytest

from tests.volunteers.rota_world import a_shift, at, grant, on, post_of, somebody, told
from volunteers.models import Offer, RotaSettings, Shift, Signup, User
from volunteers.models.eligibility_queries import check_posts, rank_people
from volunteers.shared.refusals import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
THURSDAY, FRIDAY = at("2026-11-26"), at("2026-11-27")


@pytest.fixture
def ash():
    return somebody("Ash")


@pytest.fixture
def bo():
    return somebody("Bo", "shift-lead")


def decide(who):
    RotaSettings.objects.update_or_create(pk=1, defaults={"who_decides": who})


def test_taking_place_twice_confirms_once(ash):
    shift = a_shift(THURSDAY)

    first, second = (post_of(shift).book(ash, by=ash) for _ in range(2))

    assert first == second
    assert (on(shift), told(ash)) == (["Ash"], 1)


def test_all_reasons_why_not_are_given(ash):
    shift = a_shift(at("2027-03-04"), posts=[("Lead", 1, 1, "shift-lead")])
    post_of(shift, "Lead").book(somebody("Bo", "shift-lead"), by=coordinator_of("mo2"))

    with pytest.raises(NotAllowed) as refusal:
        post_of(shift, "Lead").book(ash, by=ash)

    assert refusal.value.reasons == [
        "It needs “Shift lead”.",
        "Every place is taken.",
        "You can take it from Thursday 7 January on.",
    ]
    assert on(shift) == ["Bo"]


def coordinator_of(name):
    return User.objects.create_user(name, chosen_name=name, roles=["coordinator"])


def test_nobody_signs_up_without_school(mo):
    jules = somebody("Jules", school=False, roles=())
    shift = a_shift(THURSDAY)

    for by in (jules, mo):
        with pytest.raises(NotAllowed, match="School comes first"):
            post_of(shift).book(jules, by=by)

    grant(jules, "school-done", until=dt.date(2026, 12, 1))
    post_of(shift).book(jules, by=jules)
    assert on(shift) == ["Jules"]


def test_outsider_puts_nobody_on_shift(ash, bo):
    with pytest.raises(NotAllowed, match="Only a coordinator"):
        post_of(a_shift(THURSDAY)).book(ash, by=bo)


def test_coordinator_overrides_and_person_is_told(mo, ash):
    shift = a_shift(at("2027-03-04"))

    post_of(shift).book(ash, by=mo)

    assert (on(shift), told(ash)) == (["Ash"], 1)


@pytest.mark.parametrize(
    ("who", "own", "assigned"),
    [
        ("people", [], ["People decide for themselves here. Offer them the place."]),
        ("coordinators", ["A coordinator decides who goes where."], []),
        ("both", [], []),
    ],
)
def test_who_decides_is_a_setting(mo, ash, bo, who, own, assigned):
    decide(who)
    shift = a_shift(THURSDAY)

    def answer(person, by):
        try:
            post_of(shift).book(person, by=by)
        except NotAllowed as refusal:
            return refusal.reasons
        return []

    assert answer(ash, ash) == own
    assert answer(bo, mo) == assigned


def test_offer_opens_a_coordinators_post(mo, ash, bo):
    decide("coordinators")
    shift = a_shift(THURSDAY)
    (offer,) = post_of(shift).offer(by=mo, to=[ash])
    assert told(ash) == 1

    with pytest.raises(NotAllowed):
        post_of(shift).book(bo, by=bo)
    with pytest.raises(NotAllowed, match=r"This is no longer open."):
        offer.accept(bo)
    offer.accept(ash)

    assert on(shift) == ["Ash"]
    assert not Offer.objects.exists()


@pytest.mark.parametrize("change", [{"state": "draft"}, {"state": "cancelled", "reason": "Flood"}])
def test_what_does_not_happen_is_not_offered(mo, ash, change):
    shift = a_shift(THURSDAY)
    Shift.objects.filter(pk=shift.pk).update(**change)

    with pytest.raises(NotAllowed, match="Only a published shift"):
        post_of(shift).offer(by=mo, to=[ash])
    assert (Offer.objects.count(), told(ash)) == (0, 0)


def test_place_offered_to_all_closes_when_taken(mo, ash):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 1, None)])
    post_of(shift).offer(by=mo)

    post_of(shift).book(ash, by=ash)

    assert not Offer.objects.exists()


def test_started_shift_is_filled_by_leaders_only(mo, ash, bo, now):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    post_of(shift).book(bo, by=bo)
    now.move_to(at("2026-11-26", "18:30"))

    with pytest.raises(NotAllowed, match="started already"):
        post_of(shift).book(ash, by=ash)
    post_of(shift).book(ash, by=bo)
    post_of(shift).book(somebody("Cam"), by=mo)

    assert on(shift) == ["Ash", "Bo", "Cam"]


def test_lead_adds_only_qualified_people(bo, ash, now):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None), ("Naloxone", 1, 1, "naloxone-trained")])
    post_of(shift).book(bo, by=bo)
    now.move_to(at("2026-11-26", "18:30"))

    with pytest.raises(NotAllowed, match="It needs “Naloxone-trained”"):
        post_of(shift, "Naloxone").book(ash, by=bo)
    grant(ash, "naloxone-trained")
    post_of(shift, "Naloxone").book(ash, by=bo)


def test_withdrawing_frees_and_offers_the_place(ash, mo):
    shift = a_shift(THURSDAY)
    signup = post_of(shift).book(ash, by=ash)

    signup.withdraw(by=ash)
    signup.withdraw(by=ash)

    assert on(shift) == []
    assert list(Offer.objects.values_list("post", "to", "covers")) == [(post_of(shift).pk, None, None)]
    assert told(mo) == 0
    post_of(shift).book(ash, by=ash)
    assert Signup.objects.count() == 1


@pytest.mark.parametrize(("hours_before", "letters"), [(48, 1), (49, 0)])
def test_late_withdrawal_tells_lead_and_coordinators(ash, bo, mo, now, hours_before, letters):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    signup = post_of(shift).book(ash, by=ash)
    post_of(shift).book(bo, by=bo)
    before = told(bo), told(mo)
    now.move_to(THURSDAY - dt.timedelta(hours=hours_before))

    signup.withdraw(by=ash)

    assert (told(bo) - before[0], told(mo) - before[1]) == (letters, letters)


def test_only_self_or_coordinator_withdraws(ash, bo, mo):
    shift = a_shift(THURSDAY)
    signup = post_of(shift).book(ash, by=ash)

    with pytest.raises(NotAllowed, match="Only they themselves"):
        signup.withdraw(by=bo)
    signup.withdraw(by=mo)

    assert (on(shift), told(ash)) == ([], 2)


def test_nobody_withdraws_from_past_shift(ash, now):
    shift = a_shift(THURSDAY)
    signup = post_of(shift).book(ash, by=ash)
    now.move_to(at("2026-11-26", "21:00"))

    with pytest.raises(NotAllowed, match="over"):
        signup.withdraw(by=ash)


def test_person_who_came_cannot_withdraw(ash, mo, now):
    shift = a_shift(THURSDAY)
    signup = post_of(shift).book(ash, by=ash)
    now.move_to(at("2026-11-26", "19:00"))
    signup.mark(came=True, by=mo)

    with pytest.raises(NotAllowed, match=r"They are marked as there."):
        signup.withdraw(by=ash)


def test_leaving_mid_shift_is_told_not_offered(ash, bo, mo, now):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    signup = post_of(shift).book(ash, by=ash)
    post_of(shift).book(bo, by=bo)
    before = told(bo), told(mo)
    now.move_to(at("2026-11-26", "19:00"))

    signup.withdraw(by=ash)

    assert (told(bo) - before[0], told(mo) - before[1], Offer.objects.count()) == (1, 1, 0)


def test_cover_seeker_stays_on_until_covered(ash):
    shift = a_shift(THURSDAY)
    signup = post_of(shift).book(ash, by=ash)

    signup.look_for_cover(by=ash)
    signup.look_for_cover(by=ash)
    assert (signup.state, on(shift), Offer.objects.count()) == ("looking", ["Ash"], 1)

    signup.stop_looking(by=ash)
    assert (signup.state, Offer.objects.count()) == ("confirmed", 0)


def test_moving_person_is_both_or_neither(mo, ash, bo):
    first, second = a_shift(THURSDAY), a_shift(THURSDAY, posts=[("Desk", 1, 1, None), ("Lead", 1, 1, "shift-lead")])
    signup = post_of(first).book(ash, by=ash)
    with pytest.raises(NotAllowed, match="Shift lead"):
        signup.move(post_of(second, "Lead"), by=mo)
    assert (on(first), on(second)) == (["Ash"], [])

    signup.refresh_from_db()
    moved = signup.move(post_of(second), by=mo)
    assert (on(first), on(second)) == ([], ["Ash"])
    assert moved.move(post_of(second), by=mo) == moved

    with pytest.raises(NotAllowed, match="Only a coordinator"):
        moved.move(post_of(first), by=bo)


def test_moving_to_another_post_of_the_same_shift(mo, ash):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 1, None), ("Kettle", 1, 1, None)])
    signup = post_of(shift).book(ash, by=ash)

    signup.move(post_of(shift, "Kettle"), by=mo)

    assert list(Signup.objects.values_list("post__role", "state")) == [("Kettle", "confirmed")]


def test_attendance_can_be_corrected_by_lead(bo, ash, now):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    post_of(shift).book(bo, by=bo)
    signup = post_of(shift).book(ash, by=ash)
    with pytest.raises(NotAllowed):
        signup.mark(came=True, by=bo)
    now.move_to(at("2026-11-26", "18:30"))

    with pytest.raises(NotAllowed, match="Only a coordinator"):
        signup.mark(came=True, by=ash)
    states = []
    for came in (True, True, False, True):
        signup.mark(came=came, by=bo)
        states.append(signup.state)

    assert states == ["came", "came", "not_there", "came"]


def test_replaced_absentee_cannot_also_attend(mo, ash, now):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 1, None)])
    signup = post_of(shift).book(ash, by=ash)
    now.move_to(at("2026-11-26", "18:30"))
    signup.mark(came=False, by=mo)
    post_of(shift).book(somebody("Cam"), by=mo)

    with pytest.raises(NotAllowed, match="Somebody else has that place"):
        signup.mark(came=True, by=mo)


def test_person_left_alone_is_reported_once(mo, ash, bo, now):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    signups = [post_of(shift).book(person, by=person) for person in (ash, bo, somebody("Cam"))]
    now.move_to(at("2026-11-26", "18:30"))

    signups[0].mark(came=False, by=bo)
    signups[2].mark(came=False, by=bo)

    assert (on(shift), told(mo)) == (["Bo"], 1)


@pytest.mark.parametrize("verb", ["withdraw", "look_for_cover", "stop_looking"])
def test_no_signup_verb_serves_outsiders(verb, ash, bo):
    signup = post_of(a_shift(THURSDAY)).book(ash, by=ash)

    with pytest.raises(NotAllowed):
        getattr(signup, verb)(by=bo)


def test_post_shrinks_only_to_its_people(mo, ash, bo):
    shift = a_shift(THURSDAY)
    for person in (ash, bo):
        post_of(shift).book(person, by=person)

    with pytest.raises(NotAllowed, match="2 are already on it"):
        post_of(shift).resize(1, 1, by=mo)
    post_of(shift).resize(1, 5, by=mo)
    with pytest.raises(NotAllowed):
        post_of(shift).resize(1, 3, by=ash)

    assert post_of(shift).maximum == 5


def test_draft_is_filled_by_coordinators_only(mo, ash):
    shift = a_shift(THURSDAY, state="draft")

    with pytest.raises(NotAllowed, match="not published"):
        post_of(shift).book(ash, by=ash)
    post_of(shift).book(ash, by=mo)

    assert (on(shift), told(ash)) == (["Ash"], 0)
    assert Shift.objects.get().is_draft


# --- Planning a draft by hand


@pytest.fixture
def draft():
    """A draft further ahead than people may sign up by themselves."""
    RotaSettings.objects.update_or_create(pk=1, defaults={"weeks_ahead": 1})
    return a_shift(THURSDAY, state="draft", posts=[("Lead", 1, 1, "shift-lead"), ("Desk", 1, 2, None)])


def test_people_are_suggested_for_a_draft(draft):
    """What a planner decides anyway is no reason: that it is a draft, or early. What a person lacks is."""
    ash, bo, mo = somebody("Ash2"), somebody("Bo", "shift-lead"), coordinator_of("mo2")
    post_of(a_shift(THURSDAY)).put_on(ash)

    assert [person for person, why in rank_people(post_of(draft, "Lead"), planned=True) if not why] == [bo]
    assert [person for person, why in rank_people(post_of(draft), planned=True) if not why] == [bo]
    assert grant(mo, "school-done") in [person for person, why in rank_people(post_of(draft), planned=True) if not why]


def test_planner_takes_a_place_on_a_draft(draft):
    mo = grant(coordinator_of("mo2"), "school-done")
    assert not check_posts(mo, [Shift.objects.with_people().get(pk=draft.pk)])[post_of(draft).pk]
    assert post_of(draft).book(mo, by=mo).is_live

    ash = somebody("Ash2")
    with pytest.raises(NotAllowed, match="not published"):
        post_of(draft).book(ash, by=ash)


def test_who_is_asked_may_answer_early(draft):
    """A place somebody was asked to take is theirs to take, however far ahead it is."""
    mo, ash, bo = coordinator_of("mo2"), somebody("Ash2"), somebody("Bo")
    draft.publish(by=mo)
    post_of(draft).offer(by=mo, to=[ash])

    assert post_of(draft).book(ash, by=ash).is_live
    with pytest.raises(NotAllowed, match="You can take it from"):
        post_of(draft).book(bo, by=bo)
