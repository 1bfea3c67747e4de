"""Two people doing something about the rota in the same moment, on connections of their own."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from tests.volunteers.rota_world import a_shift, on, post_of, somebody
from tests.volunteers.threads import Meanwhile, at_once
from volunteers.models import Offer, Post, Shift, Signup
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def soon():
    return timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=5)


def test_last_place_goes_to_one_of_eight(soon):
    shift = a_shift(soon, posts=[("Desk", 1, 1, None)])
    people = [somebody(f"P{n}") for n in range(8)]
    pk = post_of(shift).pk

    answers = at_once(*[lambda p=person: Post.objects.get(pk=pk).book(p, by=p) for person in people])

    assert [type(answer) for answer in answers].count(Signup) == 1
    refused = [answer.reasons for answer in answers if isinstance(answer, NotAllowed)]
    assert refused == [["Every place is taken."]] * 7
    assert len(on(shift)) == 1


def test_database_alone_gives_last_place_once(soon):
    """Without our locks: rows written straight into the table."""
    shift = a_shift(soon, posts=[("Desk", 1, 1, None)])
    first, second = somebody("Ash"), somebody("Bo")
    post = post_of(shift)

    with transaction.atomic():
        Signup.objects.create(person=first, post=post, shift=shift)
        other = Meanwhile(lambda: Signup.objects.create(person=second, post=post, shift=shift))

    assert "Every place is taken" in str(other.answer)
    assert on(shift) == ["Ash"]


def test_maximum_never_sinks_below_signups(soon):
    shift = a_shift(soon, posts=[("Desk", 0, 2, None)])
    post = post_of(shift)
    Signup.objects.create(person=somebody("Ash"), post=post, shift=shift)
    bo = somebody("Bo")

    with transaction.atomic():
        Signup.objects.create(person=bo, post=post, shift=shift)
        other = Meanwhile(lambda: Post.objects.filter(pk=post.pk).update(maximum=1))

    assert "More people are on this post" in str(other.answer)


def test_nobody_joins_shift_being_cancelled(soon, coordinator):
    shift, ash = a_shift(soon), somebody("Ash")
    pk = post_of(shift).pk

    with transaction.atomic():
        shift.cancel("Flood", by=coordinator)
        other = Meanwhile(lambda: Post.objects.get(pk=pk).book(ash, by=ash))

    assert other.answer.reasons == ["This shift is cancelled."]
    assert on(shift) == []


def test_database_alone_blocks_joining_cancelled_shift(soon):
    shift, ash = a_shift(soon), somebody("Ash")
    post = post_of(shift)

    with transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(state="cancelled", reason="Flood")
        other = Meanwhile(lambda: Signup.objects.create(person=ash, post=post, shift=shift))

    assert "That shift is cancelled" in str(other.answer)


def test_one_person_taking_two_overlapping_shifts_gets_one(soon):
    ash = somebody("Ash")
    posts = [post_of(a_shift(soon)).pk, post_of(a_shift(soon + dt.timedelta(hours=1))).pk]

    answers = at_once(*[lambda pk=pk: Post.objects.get(pk=pk).book(ash, by=ash) for pk in posts])

    (refused,) = [answer for answer in answers if isinstance(answer, NotAllowed)]
    assert refused.reasons[0].startswith("On another shift then")
    assert Signup.objects.live().filter(person=ash).count() == 1


def test_shift_moves_onto_one_being_taken(soon, coordinator):
    ash = somebody("Ash")
    first, second = a_shift(soon), a_shift(soon + dt.timedelta(days=2))
    post_of(first).book(ash, by=ash)
    pk = post_of(second).pk

    answers = at_once(
        lambda: Post.objects.get(pk=pk).book(ash, by=ash),
        lambda: Shift.objects.get(pk=first.pk).move(second.starts_at, second.ends_at, by=coordinator),
    )

    assert sum(isinstance(answer, NotAllowed) for answer in answers) == 1, answers
    spans = [(s.during.lower, s.during.upper) for s in Signup.objects.live()]
    assert len(spans) == len(set(spans))


def swap_of(soon):
    ash, bo = somebody("Ash"), somebody("Bo")
    mine = post_of(a_shift(soon, posts=[("Desk", 1, 1, None)])).book(ash, by=ash)
    theirs = post_of(a_shift(soon + dt.timedelta(days=2), posts=[("Desk", 1, 1, None)])).book(bo, by=bo)
    return ash, bo, mine, theirs, Offer.ask_to_swap(mine, [theirs], by=ash)[0]


def test_swap_races_a_clashing_signup(soon):
    """Ash is to get the second shift by a swap, and takes another at that time meanwhile: one of the two happens."""
    ash, bo, mine, theirs, offer = swap_of(soon)
    clash = post_of(a_shift(theirs.shift.starts_at)).pk

    answers = at_once(
        lambda: Offer.objects.get(pk=offer.pk).accept(bo), lambda: Post.objects.get(pk=clash).book(ash, by=ash)
    )

    assert [type(answer) for answer in answers].count(NotAllowed) == 1, answers
    swapped = isinstance(answers[0], Signup)
    assert on(mine.shift) == (["Bo"] if swapped else ["Ash"])
    assert on(theirs.shift) == (["Ash"] if swapped else ["Bo"])
    assert (on(Post.objects.get(pk=clash).shift) == ["Ash"]) != swapped


def test_swap_races_a_withdrawal(soon):
    ash, bo, mine, theirs, offer = swap_of(soon)

    answers = at_once(
        lambda: Offer.objects.get(pk=offer.pk).accept(bo), lambda: Signup.objects.get(pk=mine.pk).withdraw(by=ash)
    )

    assert not [answer for answer in answers if isinstance(answer, Exception) and not _expected(answer)], answers
    # Whichever came first: nobody is on both, and nobody was put on a shift they had left.
    assert (on(mine.shift), on(theirs.shift)) in [([], ["Bo"]), (["Bo"], ["Ash"])]


def _expected(problem):
    return isinstance(problem, NotAllowed | Offer.DoesNotExist)


def test_two_people_accept_one_request_for_cover(soon):
    ash = somebody("Ash")
    signup = post_of(a_shift(soon, posts=[("Desk", 1, 1, None)])).book(ash, by=ash)
    signup.look_for_cover(by=ash)
    people = [somebody("Bo"), somebody("Cam")]
    pk = Offer.objects.get().pk

    answers = at_once(*[lambda p=person: Offer.objects.get(pk=pk).accept(p) for person in people])

    assert [type(answer) for answer in answers].count(Signup) == 1, answers
    assert len(on(signup.shift)) == 1


def test_batch_deletion_races_a_signup(soon, coordinator):
    from tests.volunteers.rota_world import a_pattern  # noqa: PLC0415 -- only here

    pattern = a_pattern("FREQ=DAILY", first_day=soon.date())
    batch = pattern.make(soon.date(), soon.date() + dt.timedelta(days=2), by=coordinator)
    ash = somebody("Ash")
    Shift.objects.publish(by=coordinator)
    pk = post_of(batch.shifts.first()).pk

    with transaction.atomic():
        Post.objects.get(pk=pk).book(ash, by=ash)
        other = Meanwhile(lambda: batch.take_back(by=coordinator))

    assert other.answer.reasons[0] == "Somebody has signed up already, so these stay:"
    assert Shift.objects.count() == 3


def test_two_patterns_that_meet_make_once(soon, coordinator):
    from tests.volunteers.rota_world import a_pattern  # noqa: PLC0415 -- only here

    day = soon.date()
    one, two = a_pattern("FREQ=DAILY", first_day=day), a_pattern("FREQ=DAILY", first_day=day, starts="20:00")

    at_once(*[lambda p=pattern: p.make(day, day, by=coordinator) for pattern in (one, two)])

    assert Shift.objects.count() == 1
