"""Which shifts are one opening, and which is on."""

import datetime as dt

import pytest

from hub.public.opening_times import PlannedOpening, find_open_now, join_openings


def at(hour, day=24):
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


EARLY, LATE = PlannedOpening(at(16), at(19)), PlannedOpening(at(19), at(22))


@pytest.mark.parametrize(
    ("planned", "shown"),
    [
        ([], []),
        ([LATE, EARLY], [PlannedOpening(at(16), at(22))]),
        ([EARLY, PlannedOpening(at(18), at(20))], [PlannedOpening(at(16), at(20))]),
        # One inside another does not make it shorter.
        ([PlannedOpening(at(12), at(22)), EARLY], [PlannedOpening(at(12), at(22))]),
        ([EARLY, PlannedOpening(at(19), at(22), "Arches")], [EARLY, PlannedOpening(at(19), at(22), "Arches")]),
        ([EARLY, PlannedOpening(at(20), at(22))], [EARLY, PlannedOpening(at(20), at(22))]),
        # Cancelled, and nobody stands in.
        (
            [EARLY, PlannedOpening(at(19), at(22), cancelled=True)],
            [EARLY, PlannedOpening(at(19), at(22), cancelled=True)],
        ),
        # Cancelled, and somebody does.
        ([EARLY, PlannedOpening(at(17), at(18), cancelled=True)], [EARLY]),
        (
            [EARLY, PlannedOpening(at(17), at(18), "Arches", cancelled=True)],
            [EARLY, PlannedOpening(at(17), at(18), "Arches", True)],
        ),
    ],
)
def test_shifts_that_follow_on_are_one_opening(planned, shown):
    assert join_openings(planned) == shown


@pytest.mark.parametrize(("hour", "on"), [(15, None), (16, EARLY), (18, EARLY), (19, LATE), (21, LATE), (22, None)])
def test_door_is_open_from_first_to_last_minute(hour, on):
    assert find_open_now([EARLY, LATE], at(hour)) == on


def test_longest_current_opening_is_shown():
    long = PlannedOpening(at(16), at(23), "Arches")
    assert find_open_now([EARLY, long], at(17)) == long


def test_a_cancelled_one_is_never_on():
    assert find_open_now([PlannedOpening(at(16), at(19), cancelled=True)], at(17)) is None
