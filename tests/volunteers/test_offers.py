"""Cover and swaps: asking one or several, both sides looked at, all of it or nothing.

Also tries volunteers/models/swaps.py.
"""

import pytest
from django.db import IntegrityError, transaction

from tests.volunteers.rota_world import a_shift, at, on, post_of, somebody, told
from volunteers.models import Offer, Signup
from volunteers.shared.refusals import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
THURSDAY, FRIDAY, SATURDAY = at("2026-11-26"), at("2026-11-27"), at("2026-11-28")


@pytest.fixture
def ash():
    return somebody("Ash")


@pytest.fixture
def bo():
    return somebody("Bo")


@pytest.fixture
def one_each(ash, bo):
    """Ash on Thursday, Bo on Friday."""
    shifts = a_shift(THURSDAY, posts=[("Desk", 1, 1, None)]), a_shift(FRIDAY, posts=[("Desk", 1, 1, None)])
    return [post_of(shift).book(person, by=person) for shift, person in zip(shifts, (ash, bo), strict=True)]


def who_is_where():
    return {f"{shift.starts_at:%a}": on(shift) for shift in {s.shift for s in Signup.objects.select_related("shift")}}


def test_cover_swaps_people_and_tells_both(one_each, ash, bo):
    cam = somebody("Cam")
    before = told(ash)
    offers = Offer.ask_to_cover(one_each[0], [bo, cam], by=ash)
    assert (told(bo), told(cam)) == (2, 1)

    offers[1].accept(cam)

    assert who_is_where() == {"Thu": ["Cam"], "Fri": ["Bo"]}
    assert (told(ash) - before, told(cam), Offer.objects.count()) == (1, 2, 0)
    with pytest.raises(NotAllowed, match=r"This is no longer open."):
        offers[0].accept(bo)


def test_cover_goes_to_the_first(one_each, ash):
    one_each[0].look_for_cover(by=ash)
    cam = somebody("Cam")

    Offer.objects.get().accept(cam)

    assert who_is_where() == {"Thu": ["Cam"], "Fri": ["Bo"]}
    assert not Offer.objects.exists()


def test_swap_changes_both_and_drops_others(one_each, ash, bo):
    saturday = post_of(a_shift(SATURDAY)).book(somebody("Cam"), by=somebody("Mo", roles=["coordinator"]))
    friday, _saturday = Offer.ask_to_swap(one_each[0], [one_each[1], saturday], by=ash)
    before = told(ash), told(bo)

    friday.accept(bo)

    assert who_is_where() == {"Thu": ["Bo"], "Fri": ["Ash"], "Sat": ["Cam"]}
    assert (told(ash) - before[0], told(bo) - before[1]) == (1, 1)
    assert not Offer.objects.exists()


def test_a_swap_back_again_works(one_each, ash, bo):
    Offer.ask_to_swap(one_each[0], [one_each[1]], by=ash)[0].accept(bo)
    mine, theirs = (Signup.objects.live().get(person=person) for person in (ash, bo))

    Offer.ask_to_swap(mine, [theirs], by=ash)[0].accept(bo)

    assert who_is_where() == {"Thu": ["Ash"], "Fri": ["Bo"]}
    assert Signup.objects.count() == 4


def test_a_swap_between_two_posts_of_one_shift(ash, bo):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 1, None), ("Kettle", 1, 1, None)])
    mine, theirs = post_of(shift).book(ash, by=ash), post_of(shift, "Kettle").book(bo, by=bo)

    Offer.ask_to_swap(mine, [theirs], by=ash)[0].accept(bo)

    assert sorted(Signup.objects.live().values_list("person__chosen_name", "post__role")) == [
        ("Ash", "Kettle"),
        ("Bo", "Desk"),
    ]


def test_a_swap_between_shifts_that_overlap_each_other(ash, bo):
    """Each leaves what the other comes to, so neither is ever in two places."""
    mine = post_of(a_shift(at("2026-11-26", "18:00"))).book(ash, by=ash)
    theirs = post_of(a_shift(at("2026-11-26", "20:00"))).book(bo, by=bo)

    Offer.ask_to_swap(mine, [theirs], by=ash)[0].accept(bo)

    assert Signup.objects.live().get(person=ash).shift == theirs.shift


def test_swap_checks_both_sides_first(ash, bo):
    lead = somebody("Gil", "shift-lead")
    shift = a_shift(THURSDAY, posts=[("Lead", 1, 1, "shift-lead")])
    mine = post_of(shift, "Lead").book(lead, by=lead)
    theirs = post_of(a_shift(FRIDAY)).book(bo, by=bo)

    with pytest.raises(NotAllowed) as refusal:
        Offer.ask_to_swap(mine, [theirs], by=lead)[0].accept(bo)
    assert refusal.value.reasons == ["It needs “Shift lead”."]
    with pytest.raises(NotAllowed) as refusal:
        Offer.ask_to_swap(theirs, [mine], by=bo)[0].accept(lead)
    assert refusal.value.reasons == ["Bo: It needs “Shift lead”."]

    assert who_is_where() == {"Thu": ["Gil"], "Fri": ["Bo"]}


def test_nobody_swaps_with_themselves(ash):
    mine = [post_of(a_shift(day)).book(ash, by=ash) for day in (THURSDAY, SATURDAY)]

    with pytest.raises(NotAllowed, match="swap with yourself"):
        Offer.ask_to_swap(mine[0], [mine[1]], by=ash)
    with pytest.raises(NotAllowed, match="ask yourself"):
        Offer.ask_to_cover(mine[0], [ash], by=ash)
    with pytest.raises(IntegrityError, match="offer_swap_has_two_sides"), transaction.atomic():
        Offer.objects.create(post=mine[0].post, to=ash, covers=mine[0], in_return=mine[0], until=THURSDAY)
    with pytest.raises(IntegrityError, match="offer_swap_gives_something_to_somebody"):
        Offer.objects.create(post=mine[0].post, to=ash, in_return=mine[0], until=THURSDAY)


def test_asking_twice_is_asking_once(one_each, ash, bo):
    before = told(bo)
    for _ in range(2):
        Offer.ask_to_swap(one_each[0], [one_each[1]], by=ash)

    assert (Offer.objects.count(), told(bo) - before) == (1, 1)


def test_only_ones_own_shift_is_given_away(one_each, bo):
    for ask in (Offer.ask_to_cover, Offer.ask_to_swap):
        with pytest.raises(NotAllowed, match="Only they themselves"):
            ask(one_each[0], [], by=bo)


def test_declining_tells_asker_and_keeps_rest(one_each, ash, bo):
    cam = somebody("Cam")
    first, second = Offer.ask_to_cover(one_each[0], [bo, cam], by=ash)
    before = told(ash)

    first.decline(bo)
    with pytest.raises(NotAllowed, match="not offered to you"):
        second.decline(bo)

    assert (told(ash) - before, list(Offer.objects.all())) == (1, [second])


def test_request_can_be_withdrawn_by_asker(one_each, ash, bo):
    (offer,) = Offer.ask_to_cover(one_each[0], [bo], by=ash)

    with pytest.raises(NotAllowed):
        offer.take_back(by=bo)
    offer.take_back(by=ash)
    with pytest.raises(NotAllowed, match=r"This is no longer open."):
        offer.accept(bo)

    one_each[0].look_for_cover(by=ash)
    Offer.objects.get().take_back(by=ash)
    one_each[0].refresh_from_db()
    assert one_each[0].state == "confirmed"


def test_an_offer_ends_when_the_shift_starts(one_each, ash, bo, now):
    (offer,) = Offer.ask_to_cover(one_each[0], [bo], by=ash)
    now.move_to(THURSDAY)

    with pytest.raises(NotAllowed, match=r"This is no longer open."):
        offer.accept(bo)
    with pytest.raises(NotAllowed, match="started already"):
        Offer.ask_to_cover(one_each[0], [bo], by=ash)


def test_getting_out_takes_every_question_about_it_along(one_each, ash, bo):
    Offer.ask_to_swap(one_each[0], [one_each[1]], by=ash)

    one_each[1].withdraw(by=bo)

    assert not Offer.objects.filter(in_return__isnull=False).exists()
