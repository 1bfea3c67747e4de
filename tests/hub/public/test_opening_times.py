"""Which shifts are one opening, and which is on."""

import datetime as dt

import pytest

from hub.public.opening_times import Doors, joined, on_now


def at(hour, day=24):
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


EARLY, LATE = Doors(at(16), at(19)), Doors(at(19), at(22))


@pytest.mark.parametrize(
    ("planned", "shown"),
    [
        ([], []),
        ([LATE, EARLY], [Doors(at(16), at(22))]),
        ([EARLY, Doors(at(18), at(20))], [Doors(at(16), at(20))]),
        # One inside another does not make it shorter.
        ([Doors(at(12), at(22)), EARLY], [Doors(at(12), at(22))]),
        ([EARLY, Doors(at(19), at(22), "Arches")], [EARLY, Doors(at(19), at(22), "Arches")]),
        ([EARLY, Doors(at(20), at(22))], [EARLY, Doors(at(20), at(22))]),
        # Cancelled, and nobody stands in.
        ([EARLY, Doors(at(19), at(22), cancelled=True)], [EARLY, Doors(at(19), at(22), cancelled=True)]),
        # Cancelled, and somebody does.
        ([EARLY, Doors(at(17), at(18), cancelled=True)], [EARLY]),
        ([EARLY, Doors(at(17), at(18), "Arches", cancelled=True)], [EARLY, Doors(at(17), at(18), "Arches", True)]),
    ],
)
def test_shifts_that_follow_on_are_one_opening(planned, shown):
    assert joined(planned) == shown


@pytest.mark.parametrize(("hour", "on"), [(15, None), (16, EARLY), (18, EARLY), (19, LATE), (21, LATE), (22, None)])
def test_the_door_is_open_from_the_first_minute_until_the_last(hour, on):
    assert on_now([EARLY, LATE], at(hour)) == on


def test_of_several_that_are_on_the_longest_is_shown():
    long = Doors(at(16), at(23), "Arches")
    assert on_now([EARLY, long], at(17)) == long


def test_a_cancelled_one_is_never_on():
    assert on_now([Doors(at(16), at(19), cancelled=True)], at(17)) is None
