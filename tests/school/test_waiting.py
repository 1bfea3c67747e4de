"""The waiting list's own rules, without a database; and any story of joins, withdrawals and clocks with one."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from school.models import Enrolment
from school.waiting import WaitingEntry, get_hold_end, plan_moves
from tests.school.makers import DAY, HOUR, NOW, a_course, a_person, a_session
from volunteers.shared.refusals import NotAllowed

PAST, LATER = NOW - HOUR, NOW + HOUR


@pytest.mark.parametrize(
    ("line", "free", "lapsed", "offered", "left"),
    [
        ([], 2, (), (), 2),
        ([WaitingEntry(1, 5), WaitingEntry(2, 4)], 1, (), (2,), 0),
        ([WaitingEntry(1, 5), WaitingEntry(2, 4)], 3, (), (2, 1), 1),
        ([WaitingEntry(1, 1, LATER), WaitingEntry(2, 2)], 1, (), (), 0),
        ([WaitingEntry(1, 1, LATER), WaitingEntry(2, 2)], 2, (), (2,), 0),
        ([WaitingEntry(1, 1, PAST), WaitingEntry(2, 2)], 1, (1,), (2,), 0),
        ([WaitingEntry(1, 1, NOW), WaitingEntry(2, 2)], 1, (1,), (2,), 0),
        ([WaitingEntry(1, 1, PAST)], 1, (1,), (), 1),
        ([WaitingEntry(1, 1, passed=True), WaitingEntry(2, 2)], 1, (), (2,), 0),
        ([WaitingEntry(1, 1, passed=True)], 1, (), (), 1),
        ([WaitingEntry(1, 1)], 0, (), (), 0),
        ([WaitingEntry(1, 1)], -1, (), (), 0),
        ([WaitingEntry(1, 1, LATER)], 0, (), (), 0),
    ],
)
def test_due(line, free, lapsed, offered, left):
    moves = plan_moves(line, free=free, now=NOW)

    assert (moves.lapsed, moves.offered, moves.left) == (lapsed, offered, left)


def test_place_is_held_until_session_start():
    assert get_hold_end(NOW, hours=24, starts_at=NOW + 2 * DAY) == NOW + DAY
    assert get_hold_end(NOW, hours=24, starts_at=NOW + HOUR) == NOW + HOUR


NAMES = ("Ash", "Bo", "Cam", "Dee", "Eli")
STEP = st.one_of(
    st.tuples(st.just("join"), st.sampled_from(NAMES)),
    st.tuples(st.just("withdraw"), st.sampled_from(NAMES)),
    st.tuples(st.just("first"), st.sampled_from(NAMES)),
    st.tuples(st.just("room"), st.integers(1, 4)),
    st.tuples(st.just("hours"), st.integers(1, 30)),
)


class Story:
    """What ought to be true of a waiting list, kept beside it."""

    def __init__(self):
        self.now = NOW
        self.people = {name: a_person(name) for name in NAMES}
        self.session = a_session(a_course(), starts_at=NOW + 30 * DAY, places=2, hold_hours=12)
        self.in_it = set()

    def do(self, what, which):
        before = self.line()
        getattr(self, what)(which)
        self.session.refresh_from_db()
        self.nobody_is_lost()
        self.never_over_capacity()
        self.never_out_of_order(before)

    def join(self, name):
        Enrolment.objects.take_place(self.session, self.people[name], now=self.now)
        self.in_it.add(name)

    def withdraw(self, name):
        for enrolment in self.session.enrolments.filter(person=self.people[name]):
            enrolment.withdraw(now=self.now)
        self.in_it.discard(name)

    def first(self, name):
        for enrolment in self.session.enrolments.filter(person=self.people[name], state="waiting"):
            try:
                enrolment.put_first("Has childcare that day only", now=self.now)
            except NotAllowed:
                enrolment.refresh_from_db()
                assert enrolment.state == "offered", "it was their turn anyway"

    def room(self, places):
        taken = self.session.enrolments.taking_a_place().count()
        try:
            self.session.change(now=self.now, teaches=list(self.session.modules.all()), gives=[], places=places)
        except NotAllowed:
            assert places < taken
        else:
            assert places >= taken

    def hours(self, hours):
        self.now += hours * HOUR
        Enrolment.objects.move_waiting_list(self.session, self.now)

    def line(self):
        rows = self.session.enrolments.filter(state="waiting", passed=False).order_by("line")
        return list(rows.values_list("person__chosen_name", flat=True))

    def nobody_is_lost(self):
        live = self.session.enrolments.live().values_list("person__chosen_name", flat=True)
        assert sorted(live) == sorted(self.in_it)

    def never_over_capacity(self):
        assert self.session.enrolments.taking_a_place().count() <= self.session.places

    def never_out_of_order(self, before):
        """Whoever got a place from the list had nobody before them, but who went ahead for a reason."""
        after = set(self.line())
        gone = [name for name in before if name not in after and name in self.in_it]
        reasons = dict(self.session.enrolments.values_list("person__chosen_name", "out_of_turn"))
        in_turn = [name for name in gone if not reasons[name]]
        waits = [name for name in before if name in after and not reasons[name]]
        assert before.index(in_turn[-1]) < before.index(waits[0]) if in_turn and waits else True
        free = self.session.places - self.session.enrolments.taking_a_place().count()
        assert not (free and after), "a place is free and somebody is next"


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=25))
def test_no_story_breaks_the_waiting_list(evening, steps):
    with transaction.atomic():
        story = Story()
        for what, which in steps:
            story.do(what, which)
        transaction.set_rollback(True)


def test_a_story_can_fail(db, evening):
    """The checks above notice somebody passed over."""
    story = Story()
    for name in NAMES:
        story.do("join", name)
    before = story.line()
    story.session.enrolments.filter(person=story.people["Ash"]).update(state="withdrawn")
    story.session.enrolments.filter(person=story.people["Eli"]).update(state="enrolled")
    story.in_it.discard("Ash")

    with pytest.raises(AssertionError):
        story.never_out_of_order(before)
    assert before == ["Cam", "Dee", "Eli"]
    assert dt.timedelta(hours=12) == 12 * HOUR
