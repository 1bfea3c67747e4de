"""A withdrawn sign-up is nobody: what it hangs on can be changed and deleted; a renamed role is the same role."""

import datetime as dt

import pytest
import time_machine

from tests.volunteers.rota_world import NOW, a_pattern, a_shift, on, post_of, qualification, somebody
from volunteers.models import Batch, Pattern, Post, Shift, Signup
from volunteers.models.posts import Wanted
from volunteers.shared.refusals import NotAllowed

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


def sign(shift, state, role="Desk"):
    return Signup.objects.create(person=somebody(f"P{Signup.objects.count()}"), post=post_of(shift, role), state=state)


def discard(shift, mo):
    shift.discard(by=mo)


def take_back(shift, mo):
    shift.batch.take_back(by=mo)


def bring_in_line(shift, mo):
    Pattern.objects.update(exceptions=[shift.day])
    Pattern.objects.get().bring_in_line([shift.pk], by=mo)


@pytest.fixture
def drafts(mo):
    """Three drafts of a pattern, made together."""
    pattern = a_pattern()
    pattern.make(dt.date(2026, 11, 26), dt.date(2026, 12, 10), by=mo)
    return list(Shift.objects.order_by("starts_at"))


@pytest.mark.parametrize("delete", [discard, take_back, bring_in_line])
@pytest.mark.parametrize("state", ["withdrawn", "not_there"])
def test_shift_nobody_is_on_can_go(drafts, mo, delete, state):
    sign(drafts[0], state)

    delete(drafts[0], mo)

    assert not Shift.objects.filter(pk=drafts[0].pk).exists()


@pytest.mark.parametrize("delete", [discard, take_back, bring_in_line])
def test_shift_somebody_is_on_stays(drafts, mo, delete):
    sign(drafts[0], "looking")
    sign(drafts[0], "withdrawn")

    with pytest.raises(NotAllowed):
        delete(drafts[0], mo)

    assert Shift.objects.count() == 3
    assert Signup.objects.count() == 2


def test_batch_counts_only_live_ones(drafts):
    sign(drafts[0], "withdrawn")
    assert Batch.objects.with_numbers().get().signed == 0

    sign(drafts[1], "confirmed")
    assert Batch.objects.with_numbers().get().signed == 1


@pytest.mark.parametrize("state", ["withdrawn", "not_there"])
def test_role_nobody_is_on_can_go(mo, state):
    shift = a_shift(NOW + DAY, posts=(("Desk", 1, 2, None), ("Door", 1, 2, None)))
    gone = sign(shift, state)
    door = post_of(shift, "Door")

    shift.change(by=mo, starts_at=shift.starts_at, ends_at=shift.ends_at, posts=[Wanted("Door", 1, 2, None, door.pk)])

    gone.refresh_from_db()
    assert [post.role for post in shift.posts.all()] == ["Door"]
    assert (gone.state, gone.post) == (state, door)


@pytest.mark.parametrize("role", ["Desk", "Front"])
def test_every_role_can_be_another(mo, role):
    shift = a_shift(NOW + DAY)
    sign(shift, "withdrawn")

    shift.change(by=mo, starts_at=shift.starts_at, ends_at=shift.ends_at, posts=[Wanted(role, 1, 1)])

    assert [post.role for post in shift.posts.all()] == [role]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([("Lead", 1, 1, "shift-lead"), ("Counter", 1, 3, None)], "Counter"),
        ([("Lead", 1, 1, "shift-lead"), ("Counter", 2, 4, None)], "Counter"),
        ([("Tea", 1, 1, None), ("Lead", 1, 1, "shift-lead"), ("Counter", 1, 3, None)], "Counter"),
    ],
)
def test_renamed_role_keeps_its_people(drafts, mo, roles, expected):
    ash = sign(drafts[0], "confirmed").person
    pattern = Pattern.objects.get()
    wanted = [Wanted(role, least, most, qualification(needs) if needs else None) for role, least, most, needs in roles]
    pattern.change(by=mo, posts=wanted)

    pattern.bring_in_line([shift.pk for shift in drafts], by=mo)

    assert on(drafts[0]) == [ash.chosen_name]
    assert Signup.objects.get().post.role == expected
    assert Post.objects.filter(shift=drafts[0]).count() == len(roles)
