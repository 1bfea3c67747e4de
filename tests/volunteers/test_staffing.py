"""What a shift lacks: the rule over its numbers, and the numbers themselves, counted again by hand.

Also tries volunteers/models/shift_queryset.py.
"""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.volunteers.rota_world import a_shift, at, grant, post_of, somebody
from volunteers.models import Shift, Signup
from volunteers.staffing import LIVE, Lack, Staffing

THURSDAY = at("2026-11-26")
DAY = dt.date(2026, 11, 26)
STATES = ["confirmed", "looking", "withdrawn", "came", "not_there"]
GOOD = {"people": 2, "has_lead": True, "has_naloxone": True}


@pytest.mark.parametrize(
    ("numbers", "lacks"),
    [
        ({}, [Lack.NOBODY]),
        ({"needed": 3}, [Lack.NOBODY]),
        ({"drop_in": False}, []),
        ({"drop_in": False, "needed": 1}, [Lack.NOBODY]),
        (GOOD, []),
        (GOOD | {"needed": 1}, [Lack.PEOPLE]),
        (GOOD | {"people": 1}, [Lack.ALONE]),
        (GOOD | {"people": 1, "drop_in": False}, []),
        (GOOD | {"has_lead": False}, [Lack.LEAD]),
        (GOOD | {"has_naloxone": False}, [Lack.NALOXONE]),
        ({"people": 2, "drop_in": False}, []),
        (GOOD | {"looking": 1}, [Lack.COVER]),
        ({"people": 2, "drop_in": False, "looking": 1}, [Lack.COVER]),
        (
            {"people": 1, "needed": 1, "looking": 1},
            [Lack.PEOPLE, Lack.ALONE, Lack.LEAD, Lack.NALOXONE, Lack.COVER],
        ),
    ],
    ids=str,
)
def test_lacks_follow_from_the_numbers(numbers, lacks):
    assert Staffing(**numbers).lacks == lacks


# Somebody holds it from some day until before another; the shift is on the 26th.
holdings = st.sampled_from([None, (25, None), (25, 26), (25, 27), (26, None), (26, 27), (27, None), (27, 28)])
people = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(STATES),
            "role": st.sampled_from(["Desk", "Kettle"]),
            "shift-lead": holdings,
            "naloxone-trained": holdings,
        }
    ),
    max_size=4,
)
minimums = st.tuples(st.integers(0, 3), st.integers(0, 2))


def holds(person, slug):
    since, until = person[slug] or (99, None)
    return since <= DAY.day and (until is None or DAY.day < until)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=people, minimums=minimums, drop_in=st.booleans())
def test_numbers_are_those_counted_by_hand(people, minimums, drop_in):
    posts = [("Desk", minimums[0], 4, None), ("Kettle", minimums[1], 4, None)]
    shift = a_shift(THURSDAY, posts=posts, drop_in=drop_in)
    for number, one in enumerate(people):
        person = somebody(f"P{shift.pk} {number}")
        for slug in ("shift-lead", "naloxone-trained"):
            if one[slug]:
                since, until = (day and DAY.replace(day=day) for day in one[slug])
                grant(person, slug, since=since, until=until)
        Signup.objects.bulk_create(
            [Signup(person=person, post=post_of(shift, one["role"]), shift=shift, state=one["state"])]
        )

    live = [signup for signup in people if signup["state"] in LIVE]
    on = {role: sum(signup["role"] == role for signup in live) for role in ("Desk", "Kettle")}
    counted = Shift.objects.with_counts().get(pk=shift.pk).staffing
    assert counted == Staffing(
        needed=sum(max(0, least - on[role]) for role, least in zip(on, minimums, strict=True)),
        free=sum(4 - number for number in on.values()),
        people=len(live),
        looking=sum(signup["state"] == "looking" for signup in live),
        has_lead=any(holds(signup, "shift-lead") for signup in live),
        has_naloxone=any(holds(signup, "naloxone-trained") for signup in live),
        drop_in=drop_in,
    )
    assert (shift in Shift.objects.lacking()) is bool(counted.lacks)
    assert Shift.objects.with_short().get(pk=shift.pk).short_of == counted.needed
