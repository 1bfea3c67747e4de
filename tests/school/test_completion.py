"""What is done and what is still to do, without a database."""

import datetime as dt

import pytest

from school.completion import Level, ModuleOutcome, ModuleRule, OutcomeState, Pace, assess_standing

TODAY = dt.date(2026, 5, 13)
LONG_AGO = TODAY - dt.timedelta(weeks=8)
YESTERDAY = TODAY - dt.timedelta(days=1)
THREE = [ModuleRule(1), ModuleRule(2), ModuleRule(3)]


def done(*modules, on=YESTERDAY):
    return [ModuleOutcome(module, OutcomeState.DONE, on) for module in modules]


@pytest.mark.parametrize(
    ("said", "to_do"),
    [
        ([], (1, 2, 3)),
        (done(2), (1, 3)),
        ([*done(1, 2), ModuleOutcome(3, OutcomeState.TOGETHER, YESTERDAY)], (3,)),
        ([*done(1, 2), ModuleOutcome(3, OutcomeState.NOT_YET, YESTERDAY)], (3,)),
        (done(3, 2, 1), ()),
        (done(1, 2, 3, 99), ()),
    ],
    ids=["nothing said", "one done", "more to do together", "cancelled on", "all", "and one of another course"],
)
def test_to_do_lists_required_modules_in_order(said, to_do):
    standing = assess_standing(THREE, said, today=TODAY)

    assert standing.to_do == to_do
    assert standing.complete is (to_do == ())


def test_nothing_is_done_by_default():
    assert assess_standing(THREE, [], today=TODAY).done == frozenset()


def test_optional_modules_never_hold_up_completion():
    standing = assess_standing([ModuleRule(1), ModuleRule(2, required=False)], done(1), today=TODAY)

    assert (standing.to_do, standing.complete) == ((), True)


def test_course_that_requires_nothing_is_never_complete():
    assert not assess_standing([ModuleRule(1, required=False)], done(1), today=TODAY).complete
    assert not assess_standing([], done(1), today=TODAY).complete


def test_complete_since_the_last_required_piece():
    said = [*done(1, on=LONG_AGO), *done(2), ModuleOutcome(3, OutcomeState.DONE, TODAY)]
    pieces = [ModuleRule(1), ModuleRule(2), ModuleRule(3, required=False)]

    assert assess_standing(pieces, said, today=TODAY).complete_on == YESTERDAY


@pytest.mark.parametrize(
    ("said_on", "counts"),
    [(dt.date(2025, 5, 14), True), (dt.date(2025, 5, 13), False), (dt.date(2024, 1, 1), False)],
)
def test_refreshed_module_counts_until_its_day(said_on, counts):
    standing = assess_standing([ModuleRule(1, refresh_months=12)], done(1, on=said_on), today=TODAY)

    assert standing.complete is counts
    assert standing.ran_out == (frozenset() if counts else {1})
    assert standing.to_do == (() if counts else (1,))


def test_course_expires_with_its_first_required_module():
    pieces = [
        ModuleRule(1, refresh_months=12),
        ModuleRule(2, refresh_months=6),
        ModuleRule(3, required=False, refresh_months=1),
    ]

    assert assess_standing(pieces, done(1, 2, 3), today=TODAY).until == dt.date(2026, 11, 12)


def test_refresh_counts_months_as_a_calendar_does():
    standing = assess_standing(
        [ModuleRule(1, refresh_months=1)], done(1, on=dt.date(2026, 1, 31)), today=dt.date(2026, 2, 1)
    )

    assert standing.until == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    ("said", "more", "level"),
    [
        ([], {}, Level.NEW),
        ([], {"last_there": YESTERDAY}, Level.UNDER_WAY),
        ([], {"last_there": LONG_AGO}, Level.STALLED),
        (done(1), {}, Level.UNDER_WAY),
        (done(1, 2), {}, Level.NEARLY),
        (done(1, 2, 3), {}, Level.READY),
        (done(1, 2, 3, on=LONG_AGO), {}, Level.READY),
        (done(1, 2, on=LONG_AGO), {}, Level.STALLED),
        (done(1, 2, on=LONG_AGO + dt.timedelta(days=1)), {}, Level.NEARLY),
        (done(1, 2, on=LONG_AGO), {"comes_again": True}, Level.NEARLY),
        (done(1, 2, on=LONG_AGO), {"last_there": YESTERDAY}, Level.NEARLY),
        ([ModuleOutcome(1, OutcomeState.TOGETHER, YESTERDAY)], {}, Level.UNDER_WAY),
        ([ModuleOutcome(1, OutcomeState.NOT_YET, YESTERDAY)], {}, Level.NEW),
    ],
)
def test_levels(said, more, level):
    assert assess_standing(THREE, said, today=TODAY, pace=Pace(nearly_left=1), **more).level == level
