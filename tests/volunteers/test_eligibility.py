"""Who may take a place: every reason, each on its own, and all of them together.

Also tries volunteers/models/eligibility_queries.py.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from volunteers.eligibility import (
    Candidate,
    HeldQualification,
    OpenPlace,
    RefusalReason,
    Rules,
    ShiftSpan,
    check_eligibility,
    keep_unbendable,
)

LONDON = ZoneInfo("Europe/London")
NOW = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
SCHOOL = HeldQualification("school-done", dt.date(2026, 1, 1))
RULES = Rules(zone=LONDON, ahead=dt.timedelta(weeks=8))


def moment(day, clock):
    return dt.datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=LONDON).astimezone(dt.UTC)


def span(day="2026-11-26", starts="18:00", ends="21:00", shift=1):
    end_day = day if ends > starts else str(dt.date.fromisoformat(day) + dt.timedelta(days=1))
    return ShiftSpan(shift, moment(day, starts), moment(end_day, ends))


def place(**more):
    return OpenPlace(**{"span": span(), "free": 1, **more})


def person(*on, held=(SCHOOL,), **more):
    return Candidate(held=tuple(held), on=on, **more)


def why(where=None, who=None, rules=RULES, now=NOW, *, asked=False):
    refusals = check_eligibility(where or place(), who or person(), rules, now=now, asked=asked)
    return [(refusal.reason.name, refusal.sentence) for refusal in refusals]


def test_nothing_stands_in_the_way():
    assert why() == []


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (place(cancelled=True, published=False), ("CANCELLED", "This shift is cancelled.")),
        (place(published=False), ("NOT_PUBLISHED", "It is not published yet.")),
        (place(span=span("2026-11-19", "11:00", "16:00")), ("STARTED", "It has started already.")),
        (place(span=span("2026-11-19", "12:00", "16:00")), ("STARTED", "It has started already.")),
        (place(span=span("2026-11-19", "09:00", "12:00")), ("STARTED", "It is over.")),
        (place(free=0), ("FULL", "Every place is taken.")),
        (place(free=-1), ("FULL", "Every place is taken.")),
        (place(needs="shift-lead", needs_name="Shift lead"), ("QUALIFICATION", "It needs “Shift lead”.")),
        (
            place(span=span("2027-01-21", "18:00", "21:00")),
            ("TOO_FAR", "You can take it from Thursday 26 November on."),
        ),
    ],
)
def test_reason_of_the_shift(where, said):
    assert why(where) == [said]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (person(active=False), ("PAUSED", "The account is paused.")),
        (person(held=[]), ("SCHOOL", "The School comes first, and is not done yet.")),
        (
            person(held=[HeldQualification("school-done", dt.date(2026, 1, 1), dt.date(2026, 11, 26))]),
            ("SCHOOL", "They must repeat the School before that day."),
        ),
        (
            person(held=[HeldQualification("school-done", dt.date(2026, 11, 27))]),
            ("SCHOOL", "The School comes first, and is not done yet."),
        ),
        (person(on_break_until=dt.date(2026, 11, 27)), ("BREAK", "On a break until 27 November.")),
        (person(span()), ("ALREADY_ON", "Already on this shift.")),
        (
            person(span(starts="20:59", ends="23:00", shift=2)),
            ("OVERLAP", "On another shift then: Thursday 26 November, 8:59 pm to 11 pm."),
        ),
        (
            person(span(starts="07:00", ends="08:01", shift=2)),
            (
                "REST",
                "Too close to another shift, Thursday 26 November, 7 am to 8:01 am: we keep 10 hours between two.",
            ),
        ),
        (
            person(span("2026-11-27", "06:59", "08:00", shift=2)),
            ("REST", "Too close to another shift, Friday 27 November, 6:59 am to 8 am: we keep 10 hours between two."),
        ),
        (
            person(*(span(f"2026-11-{day}", shift=day) for day in (23, 24, 28))),
            ("WEEK", "On 3 shifts that week already, which is the most."),
        ),
    ],
)
def test_reason_of_the_person(who, said):
    assert why(who=who) == [said]


@pytest.mark.parametrize(
    "who",
    [
        person(held=[HeldQualification("school-done", dt.date(2026, 11, 26), dt.date(2026, 11, 27))]),
        person(on_break_until=dt.date(2026, 11, 26)),
        person(span(starts="07:00", ends="08:00", shift=2)),
        person(span("2026-11-27", "07:00", "08:00", shift=2)),
        person(*(span(f"2026-11-{day}", shift=day) for day in (24, 28, 30))),
        person(*(span(f"2026-11-{day}", shift=day) for day in (20, 21, 22))),
    ],
)
def test_just_within_the_rules_is_within_them(who):
    assert why(who=who) == []


def test_a_coordinator_decides_unless_they_offered_it():
    rules = Rules(zone=LONDON, people_decide=False)

    assert why(rules=rules) == [("COORDINATOR", "A coordinator decides who goes where.")]
    assert why(rules=rules, asked=True) == []


def test_horizon_is_unlimited_by_default():
    assert why(place(span=span("2036-11-26")), rules=Rules(zone=LONDON)) == []


def test_every_reason_is_given():
    where = place(span=span("2027-01-28"), free=0, needs="shift-lead", needs_name="Shift lead", published=False)
    busy = [span(f"2027-01-{day}", "20:00", "22:00", shift=day) for day in (26, 27, 28)]
    who = person(*busy, held=[], active=False, on_break_until=dt.date(2027, 2, 1))
    rules = Rules(zone=LONDON, rest=dt.timedelta(hours=24), ahead=dt.timedelta(weeks=8), people_decide=False)

    assert [name for name, _sentence in why(where, who, rules)] == [
        "NOT_PUBLISHED", "PAUSED", "SCHOOL", "QUALIFICATION", "BREAK", "FULL", "REST", "OVERLAP", "WEEK",
        "TOO_FAR", "COORDINATOR",
    ]  # fmt: skip


def test_school_requirement_is_said_once():
    where = place(needs="school-done", needs_name="School done")

    assert [name for name, _sentence in why(where, person(held=[]))] == ["SCHOOL"]


def test_what_a_coordinator_may_bend_and_what_not():
    assert {reason.name for reason in RefusalReason if not reason.bends} == {
        "CANCELLED", "PAUSED", "SCHOOL", "QUALIFICATION", "ALREADY_ON", "FULL", "OVERLAP",
    }  # fmt: skip
    refusals = check_eligibility(place(free=0), person(on_break_until=dt.date(2026, 12, 1)), RULES, now=NOW)
    assert [refusal.reason for refusal in keep_unbendable(refusals)] == [RefusalReason.FULL]


@pytest.mark.parametrize(
    ("night", "morning", "hours"),
    [("2026-10-24", "2026-10-25", 10), ("2026-03-28", "2026-03-29", 8)],
)
def test_rest_counts_hours_across_clock_changes(night, morning, hours):
    """22:00 to 07:00 is nine hours on the wall; it is ten in October and eight in March."""
    evening = span(night, "18:00", "22:00", shift=2)
    where = place(span=span(morning, "07:00", "11:00"))
    early = moment("2026-01-02", "12:00")

    def answers(rest):
        rules = Rules(zone=LONDON, rest=dt.timedelta(hours=rest))
        return [refusal.reason for refusal in check_eligibility(where, person(evening), rules, now=early)]

    assert answers(hours) == []
    assert answers(hours + 0.5) == [RefusalReason.REST]
