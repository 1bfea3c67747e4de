"""Filling a rota: what always holds, what comes first, why a place stayed empty, and that nothing beats it."""

import datetime as dt
from dataclasses import replace
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.fill_a_rota import world
from volunteers.fill import FillAnswer, FillHolding, FillPerson, FillPost, FillReason, FillRules, FillShift, Gap, fill

YES, IF_NEEDED, NO = FillAnswer
LONDON = ZoneInfo("Europe/London")
MONDAY = dt.date(2026, 6, 1)
LONG_AGO = dt.date(2020, 1, 1)
LEAD, NALOXONE = "shift-lead", "naloxone-trained"
EASY = FillRules(rest=dt.timedelta(0), a_week=7)


def shift(number, day=0, start=18, hours=4, posts=None):
    """Shift 1 has the posts 10, 11, …; by default one post for one person."""
    date = MONDAY + dt.timedelta(days=day)
    begins = dt.datetime.combine(date, dt.time(start), LONDON)
    posts = posts or [(1, 1, set())]
    return FillShift(
        number,
        date,
        begins,
        begins + dt.timedelta(hours=hours),
        tuple(FillPost(number * 10 + n, least, most, frozenset(needs)) for n, (least, most, needs) in enumerate(posts)),
    )


def person(number, answers, *, held=(), **more):
    return FillPerson(number, frozenset(FillHolding(what, LONG_AGO) for what in held), answers, **more)


def places(proposal):
    return set(proposal.places)


def load(proposal):
    return sorted([who for who, _post in proposal.places])


# --- What holds whatever it costs


@pytest.mark.parametrize("answer", [NO, None], ids=["no", "silence"])
def test_nobody_is_placed_without_availability(answer):
    proposal = fill([shift(1)], [person(1, {1: answer} if answer else {})], EASY)

    assert proposal.places == ()
    assert [gap.missing for gap in proposal.gaps] == [1]
    assert proposal.proven


def test_post_takes_only_qualified_on_the_day():
    evening = shift(1, posts=[(1, 3, {LEAD})])
    day = evening.day
    people = [
        person(1, {1: YES}),
        FillPerson(2, frozenset({FillHolding(LEAD, LONG_AGO, day)}), {1: YES}),
        FillPerson(3, frozenset({FillHolding(LEAD, day + dt.timedelta(days=1))}), {1: YES}),
        FillPerson(4, frozenset({FillHolding(LEAD, day, day + dt.timedelta(days=1))}), {1: YES}),
    ]

    assert fill([evening], people, EASY).places == ((4, 10),)


def test_confirmed_people_stay_without_new_breaches():
    shifts = [shift(1, posts=[(2, 2, {LEAD})]), shift(2, start=20), shift(3, day=1)]
    both = person(1, {1: NO, 2: YES, 3: YES}, on=frozenset({10, 20}), wanted=1)

    proposal = fill(shifts, [both, person(2, {2: YES})], EASY)

    assert proposal.places == ()
    assert [(gap.shift, gap.missing) for gap in proposal.gaps] == [(1, 1), (3, 1)]


@pytest.mark.parametrize(
    ("rest", "start", "together"),
    [(11, 9, True), (12, 9, False), (0, 9, True)],
    ids=["just enough", "too short", "none"],
)
def test_rest_between_two_shifts(rest, start, together):
    late, early = shift(1, start=18), shift(2, day=1, start=start)
    rules = replace(EASY, rest=dt.timedelta(hours=rest))

    assert len(fill([late, early], [person(1, {1: YES, 2: YES})], rules).places) == 1 + together


def test_overlapping_shifts_need_no_rule():
    assert len(fill([shift(1, start=18), shift(2, start=20)], [person(1, {1: YES, 2: YES})], EASY).places) == 1


@pytest.mark.parametrize(
    ("day", "hours", "together"),
    [
        (dt.date(2026, 3, 29), 9, True),
        (dt.date(2026, 3, 29), 10, False),
        (dt.date(2026, 10, 25), 11, True),
        (dt.date(2026, 10, 25), 12, False),
    ],
)
def test_rest_counts_elapsed_hours(day, hours, together):
    """From 22:00 to 08:00 there are nine hours in the last night of March, and eleven in that of October."""
    eve = day - dt.timedelta(days=1)
    late = FillShift(1, eve, _at(eve, 18), _at(eve, 22), (FillPost(10, 1, 1),))
    early = FillShift(2, day, _at(day, 8), _at(day, 12), (FillPost(20, 1, 1),))
    rules = replace(EASY, rest=dt.timedelta(hours=hours))

    assert len(fill([late, early], [person(1, {1: YES, 2: YES})], rules).places) == 1 + together


def _at(day, hour):
    return dt.datetime.combine(day, dt.time(hour), LONDON)


def test_week_starts_monday_and_counts_all_shifts():
    shifts = [shift(n, day=day) for n, day in enumerate((2, 4, 6, 7), start=1)]
    elsewhere = (shift(99, day=1),)
    rules = replace(EASY, a_week=2)
    free = person(1, dict.fromkeys(range(1, 5), YES), elsewhere=elsewhere)

    proposal = fill(shifts, [free], rules)

    assert len(proposal.places) == 2
    assert (1, 40) in proposal.places


def test_nobody_gets_more_than_they_want():
    shifts = [shift(n, day=n) for n in range(1, 5)]

    proposal = fill(shifts, [person(1, dict.fromkeys(range(1, 5), YES), wanted=3, on=frozenset({10}))], EASY)

    assert len(proposal.places) == 2
    assert [gap.why for gap in proposal.gaps] == [{FillReason.HAS_ENOUGH: 1}]


def test_newcomers_are_never_alone_or_together():
    pair = shift(1, posts=[(2, 2, set())])
    new = [person(1, {1: YES}, new=True), person(2, {1: YES}, new=True)]
    known = person(3, {1: IF_NEEDED})

    assert fill([pair], new, EASY).places == ()
    assert (3, 10) in fill([pair], [*new, known], EASY).places
    assert len(fill([pair], [*new, known], EASY).places) == 2
    assert len(fill([pair], [*new, replace(known, answers={}, on=frozenset({10}))], EASY).places) == 1


def test_person_has_one_post_within_maximum():
    evening = shift(1, posts=[(1, 1, set()), (1, 1, set())])

    assert len(fill([evening], [person(1, {1: YES})], EASY).places) == 1
    assert len(fill([evening], [person(n, {1: YES}) for n in range(1, 9)], replace(EASY, brim=True)).places) == 2


# --- What comes first


def test_places_come_before_qualifications_and_qualifications_before_wishes():
    shifts = [shift(1, day=0), shift(2, day=1)]
    lead = person(1, {1: IF_NEEDED, 2: YES}, held=[LEAD], wanted=1)
    rules = replace(EASY, everywhere=(LEAD,))

    alone = fill(shifts, [lead, person(2, {2: YES})], rules)
    both = fill(shifts[:1], [lead, person(2, {1: YES})], rules)

    assert places(alone) == {(1, 10), (2, 20)}
    assert places(both) == {(1, 10)}


def test_extra_person_is_added_for_qualification():
    evening = shift(1, posts=[(1, 2, set())])
    people = [person(1, {}, on=frozenset({10})), person(2, {1: YES}, held=[NALOXONE]), person(3, {1: YES})]

    proposal = fill([evening], people, replace(EASY, everywhere=(NALOXONE,)))

    assert proposal.places == ((2, 10),)
    assert proposal.gaps == ()


def test_where_nobody_comes_in_nobody_need_lead():
    evening = replace(shift(1), drop_in=False)
    rules = replace(EASY, everywhere=(LEAD,))

    assert fill([evening], [person(1, {1: YES})], rules).gaps == ()
    assert len(fill([shift(1)], [person(1, {1: YES})], rules).gaps) == 1


def test_if_needed_is_last():
    people = [person(1, {1: YES, 2: YES}), person(2, {1: IF_NEEDED, 2: IF_NEEDED})]

    assert load(fill([shift(1), shift(2, day=1)], people, EASY)) == [1, 1]


def test_shifts_are_shared_including_earlier_ones():
    shifts = [shift(n, day=n) for n in range(1, 5)]
    everybody = dict.fromkeys(range(1, 5), YES)

    assert load(fill(shifts, [person(1, everybody), person(2, everybody)], EASY)) == [1, 1, 2, 2]
    busy = person(1, everybody, on=frozenset({10, 20}))
    assert load(fill(shifts, [busy, person(2, everybody)], EASY)) == [2, 2]


def test_filling_to_maximum_takes_only_yes():
    evening = shift(1, posts=[(1, 3, set())])
    people = [person(1, {1: YES}), person(2, {1: YES}), person(3, {1: IF_NEEDED})]

    assert len(fill([evening], people, EASY).places) == 1
    assert places(fill([evening], people, replace(EASY, brim=True))) == {(1, 10), (2, 10)}


# --- Why a place stayed empty


def test_gaps_explain_who_is_kept_out():
    evening, other = shift(1, posts=[(1, 1, {LEAD}), (0, 1, set())]), shift(2, start=19, posts=[(1, 1, {LEAD})])
    people = [
        person(1, {1: NO}, held=[LEAD]),
        person(2, {}, held=[LEAD]),
        person(3, {1: YES, 2: YES}, held=[LEAD], on=frozenset({20})),
        person(4, {1: YES}, held=[LEAD], barred=frozenset({1})),
        person(5, {1: YES}, held=[LEAD], on=frozenset({11})),
        person(6, {1: YES}, held=[LEAD], wanted=0),
        person(7, {1: YES}),
    ]

    proposal = fill([evening, other], people, EASY)

    why = dict.fromkeys(
        (
            FillReason.SAID_NO,
            FillReason.SILENT,
            FillReason.TOO_NEAR,
            FillReason.BARRED,
            FillReason.HERE_ALREADY,
            FillReason.HAS_ENOUGH,
        ),
        1,
    )
    assert proposal.gaps == (Gap(1, 10, (LEAD,), 1, why),)
    assert proposal.gaps[0].pool == 6


def test_gaps_mention_full_weeks_posts_newcomers():
    week = replace(EASY, a_week=1)
    tired = person(1, {1: YES, 2: YES}, on=frozenset({10}))
    assert [gap.why for gap in fill([shift(1), shift(2, day=1)], [tired], week).gaps] == [{FillReason.WEEK_FULL: 1}]

    full = [person(1, {}, on=frozenset({10})), person(2, {1: YES}, held=[LEAD])]
    (gap,) = fill([shift(1)], full, replace(EASY, everywhere=(LEAD,))).gaps
    assert (gap.post, gap.needs, gap.why) == (None, (LEAD,), {FillReason.NO_PLACE: 1})

    (gap,) = fill([shift(1)], [person(1, {1: YES}, new=True)], EASY).gaps
    assert gap.why == {FillReason.NEW_ALONE: 1}


def test_gap_without_candidates_says_so():
    (gap,) = fill([shift(1, posts=[(2, 2, {LEAD})])], [person(1, {1: YES})], EASY).gaps

    assert (gap.missing, gap.pool, gap.why) == (2, 0, {})


# --- Nothing beats it


HELD = st.frozensets(st.sampled_from([LEAD, NALOXONE]))
SAID = st.sampled_from([YES, YES, IF_NEEDED, NO, None])


@st.composite
def tiny(draw):
    """Up to three shifts of up to two posts in ten days, and up to three people."""
    shifts = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        posts = []
        for _post in range(draw(st.integers(1, 2)) if number == 1 else 1):
            least = draw(st.integers(0, 2))
            needs = draw(st.sampled_from([set(), set(), {LEAD}]))
            posts.append((least, max(1, least + draw(st.integers(0, 1))), needs))
        hours, start = draw(st.integers(1, 9)), draw(st.sampled_from([9, 18]))
        shifts.append(shift(number, draw(st.integers(0, 9)), start, hours, posts))
    spots = [post for shift in shifts for post in shift.posts]
    people = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        answers = {shift.id: answer for shift in shifts if (answer := draw(SAID)) is not None}
        on = draw(st.lists(st.sampled_from(spots), max_size=1).filter(lambda them: all(post.most for post in them)))
        people.append(
            FillPerson(
                number,
                frozenset(FillHolding(what, LONG_AGO) for what in draw(HELD)),
                answers,
                draw(st.sampled_from([None, None, 1, 2])),
                draw(st.booleans()),
                frozenset(post.id for post in on),
                (shift(99, draw(st.integers(0, 9))),) if draw(st.integers(0, 4)) == 0 else (),
                frozenset({1}) if draw(st.integers(0, 9)) == 0 else frozenset(),
            )
        )
    rules = FillRules(
        rest=dt.timedelta(hours=draw(st.sampled_from([0, 11, 24]))),
        a_week=draw(st.integers(1, 3)),
        everywhere=draw(st.sampled_from([(), (LEAD,), (LEAD, NALOXONE)])),
        brim=draw(st.booleans()),
    )
    return shifts, people, rules


def broken(shifts, people, rules, chosen):
    """Whether adding these breaks a rule: written again from the words of the issue, without the code under test."""
    where = {post.id: (post, shift) for shift in shifts for post in shift.posts}
    return (
        any(
            _asks_too_much(who, rules, where, [where[post] for number, post in chosen if number == who.id])
            for who in people
        )
        or any(_leaves_new_people_alone(shift, people, chosen) for shift in shifts)
        or any(_on(people, post, chosen) > max(post.most, _on(people, post, ())) for post, _one in where.values())
    )


def _asks_too_much(who, rules, where, mine):
    had = [where[post][1] for post in who.on] + list(who.elsewhere)
    new = [shift for _post, shift in mine]
    pairs = [(shift, other) for n, shift in enumerate(new) for other in new[n + 1 :] + had]
    monday = {shift: shift.day - dt.timedelta(days=shift.day.weekday()) for shift in new + had}
    return (
        any(who.answers.get(shift.id) not in (YES, IF_NEEDED) or shift.id in who.barred for shift in new)
        or any(not post.needs <= {held.what for held in who.held} for post, _one in mine)
        or any(
            shift is other or shift.ends + rules.rest > other.starts > shift.starts - _span(other) - rules.rest
            for shift, other in pairs
        )
        or any(sum(monday[other] == monday[shift] for other in new + had) > rules.a_week for shift in new)
        or bool(new and who.wanted is not None and len(new) + len(who.on) > who.wanted)
    )


def _span(shift):
    return shift.ends - shift.starts


def _leaves_new_people_alone(shift, people, chosen):
    added = [who for who in people for post in shift.posts if (who.id, post.id) in chosen]
    there = added + [who for who in people for post in shift.posts if post.id in who.on]
    return any(who.new for who in added) and all(who.new for who in there)


def _on(people, post, chosen):
    return sum(post.id in who.on or (who.id, post.id) in chosen for who in people)


def worth(shifts, people, rules, chosen):
    """What it comes to, first things first; less is better."""
    posts = [post for shift in shifts for post in shift.posts]
    empty = sum(max(0, post.least - _on(people, post, chosen)) for post in posts)
    unqualified = 0
    for shift in shifts:
        there = [who for who in people for post in shift.posts if post.id in who.on or (who.id, post.id) in chosen]
        unqualified += sum(
            all(what not in {held.what for held in who.held} for who in there) for what in rules.everywhere
        )
    by_post = {post.id: shift.id for shift in shifts for post in shift.posts}
    answers = {who.id: who.answers for who in people}
    reluctant = sum(answers[number][by_post[post]] == IF_NEEDED for number, post in chosen)
    beyond = sum(max(0, post.most - _on(people, post, chosen)) for post in posts) if rules.brim else 0
    uneven = 0
    for who in people:
        more = sum(number == who.id for number, _post in chosen)
        uneven += sum(range(len(who.on) + 1, len(who.on) + more + 1))
    return (empty, unqualified, reluctant, *([beyond] if rules.brim else []), uneven)


@settings(max_examples=250, deadline=None)
@given(tiny())
def test_tiny_rota_is_filled_optimally(case):
    shifts, people, rules = case
    proposal = fill(shifts, people, rules)
    spots = [(who.id, post.id) for who in people for shift in shifts for post in shift.posts if post.id not in who.on]
    spots = [spot for spot in spots if not broken(shifts, people, rules, {spot}) or any(who.new for who in people)]

    assert not broken(shifts, people, rules, places(proposal))
    best = min(
        worth(shifts, people, rules, chosen)
        for picks in product((False, True), repeat=len(spots))
        if not broken(
            shifts, people, rules, chosen := {spot for spot, taken in zip(spots, picks, strict=True) if taken}
        )
    )
    assert proposal.proven
    assert tuple(aim.value for aim in proposal.aims) == best == worth(shifts, people, rules, places(proposal))


@settings(max_examples=120, deadline=None)
@given(tiny())
def test_every_gap_has_a_reason(case):
    shifts, people, rules = case
    proposal = fill(shifts, people, rules)

    short = {
        (shift.id, post.id): post.least - filled
        for shift in shifts
        for post in shift.posts
        if (filled := _on(people, post, places(proposal))) < post.least
    }
    assert {(gap.shift, gap.post): gap.missing for gap in proposal.gaps if gap.post} == short
    assert all(FillReason.NOT_TRIED not in gap.why for gap in proposal.gaps)


@settings(max_examples=6, deadline=None)
@given(st.randoms(use_true_random=False))
def test_input_order_does_not_change_result(random):
    shifts, people = world(2, 10)
    rules = FillRules(everywhere=(LEAD, NALOXONE))
    result = fill(shifts, people, rules)

    assert fill(random.sample(shifts, len(shifts)), random.sample(people, len(people)), rules) == result


def test_interrupted_search_says_so_within_rules():
    shifts, people = world(8, 40)
    rules = FillRules(everywhere=(LEAD, NALOXONE), seconds=0)
    steps = []

    proposal = fill(shifts, people, rules, lambda done, of: steps.append((done, of)))

    assert not broken(shifts, people, rules, places(proposal))
    assert all(aim.bound <= aim.value for aim in proposal.aims)
    assert steps == [(n, 4) for n in range(5)]


def test_nothing_to_fill_is_filled():
    assert fill([], [], EASY).places == ()
    assert fill([shift(1)], [], EASY).gaps[0].missing == 1
    assert fill([], [person(1, {})], EASY).proven
