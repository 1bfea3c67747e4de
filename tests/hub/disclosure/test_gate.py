"""The gate: what is hidden, what is rounded, what is withheld, and that it says so."""

import datetime as dt
from decimal import Decimal

import pytest

from hub.core.periods import Period, Span
from hub.disclosure import attack
from hub.disclosure.attack import AtomSum, KnownSum
from hub.disclosure.gate import (
    ExactNumber,
    MonthNotCompleted,
    PeopleCount,
    Percent,
    PerUnit,
    PublishedFact,
    TrueTable,
    bounds_of_shown,
    round_count,
    share,
)

JANUARY, FEBRUARY, MARCH = (dt.date(2026, month, 1) for month in (1, 2, 3))
MONTH, QUARTER = Period(JANUARY, Span.MONTH), Period(JANUARY, Span.QUARTER)
COMPLETED = [JANUARY, FEBRUARY, MARCH]
FOR_EVER = float("inf")


def count(value, name="visits", period=MONTH):
    return PeopleCount(value, AtomSum.of({(name, period.first): 1}), period)


def out(*rows, slug="given", now=None, **known):
    """What of one table leaves."""
    cells = [cell for row in rows for cell in row if isinstance(cell, PeopleCount)]
    now = now or {atom: cell.value for cell in cells for atom, _times in cell.of.parts}
    return share([TrueTable(slug, tuple(rows))], completed=COMPLETED, now=now, **known).rows[slug]


@pytest.mark.parametrize(
    ("true", "shown"),
    [
        *((n, None) for n in range(1, 8)),
        (0, 0),
        (8, 10),
        (9, 10),
        (12, 10),
        (13, 15),
        (17, 15),
        (18, 20),
        (1002, 1000),
        (1003, 1005),
    ],
)
def test_rounded(true, shown):
    assert round_count(true) == shown


def test_rounded_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="fewer than none"):
        round_count(-1)


@pytest.mark.parametrize("true", range(60))
def test_between_holds_exactly_the_shown_numbers(true):
    shown = round_count(true)
    least, most = bounds_of_shown(shown)

    assert [n for n in range(80) if round_count(n) == shown] == list(range(least, most + 1))


@pytest.mark.parametrize(("true", "shown"), [(0, 0), (1, "*"), (7, "*"), (8, 10), (52, 50)])
def test_count_leaves_hidden_or_rounded(true, shown):
    assert out((count(true),)) == ((shown,),)


@pytest.mark.parametrize("value", [0, 3, 7, Decimal("12.40"), None])
def test_what_is_about_things_leaves_as_it_is(value):
    assert out((ExactNumber(value),)) == ((value,),)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (12, 52, 20),  # 10 of 50, and not 12 of 52, which is 23
        (8, 40, 25),
        (0, 40, 0),
        (3, 40, "*"),
        (3, 5, "*"),
        (0, 0, None),
    ],
)
def test_percentages_are_of_what_is_shown(part, whole, shown):
    assert out((Percent(count(part, "part"), count(whole, "whole")),), now={("part", JANUARY): part}) == ((shown,),)


@pytest.mark.parametrize(
    ("money", "visits", "shown"),
    [("100.00", 52, Decimal("2.00")), ("100.00", 7, "*"), ("100.00", 0, None), ("10.00", 16, Decimal("0.67"))],
)
def test_cost_per_visit_uses_shown_numbers(money, visits, shown):
    assert out((PerUnit(ExactNumber(Decimal(money)), count(visits)),)) == ((shown,),)


def test_visits_per_opening_use_shown_numbers():
    assert out((PerUnit(count(52), ExactNumber(8), places=1), PerUnit(ExactNumber(None), count(52)))) == (
        (Decimal("6.3"), None),
    )


def test_number_that_reveals_hidden_one_is_hidden():
    a, b = count(7, "a"), count(12, "b")
    total = PeopleCount(19, AtomSum.of({("a", JANUARY): 1, ("b", JANUARY): 1}), MONTH)

    # b is 8 to 12 and both together 18 to 22: then a is 6 at least.
    assert out((a,), (b,), (total,)) == (("*",), ("*",), (20,))


def test_the_smallest_number_that_helps_is_hidden():
    a, b, c = count(7, "a"), count(12, "b"), count(32, "c")
    total = PeopleCount(51 + 1, AtomSum.of({(name, JANUARY): 1 for name in "abcd"}), MONTH)
    now = {("a", JANUARY): 7, ("b", JANUARY): 12, ("c", JANUARY): 32, ("d", JANUARY): 1}

    shown = out((a,), (b,), (c,), (count(1, "d"),), (total,), now=now)

    assert shown == (("*",), (10,), (30,), ("*",), (50,))
    assert out(
        (a,), (count(12, "b"),), (PeopleCount(19, AtomSum.of({("a", JANUARY): 1, ("b", JANUARY): 1}), MONTH),)
    ) == (
        ("*",),
        ("*",),
        (20,),
    )


def test_published_numbers_count_and_cannot_be_withdrawn():
    months = [count(7, "visits", Period(month, Span.MONTH)) for month in COMPLETED[:2]]
    quarter = PeopleCount(14, AtomSum.of({("visits", month): 1 for month in COMPLETED}), QUARTER)
    now = {("visits", JANUARY): 7, ("visits", FEBRUARY): 7}
    published = share(
        [
            TrueTable("months", (tuple(months),)),
            TrueTable("march", ((count(0, "visits", Period(MARCH, Span.MONTH)),),)),
        ],
        completed=COMPLETED,
        now=now,
    )
    assert published.rows == {"months": (("*", "*"),), "march": ((0,),)}

    # Two of at most seven that make 13 to 17 are six or seven each: the quarter stays hidden.
    assert out((quarter,), now=now, published=published.facts) == (("*",),)
    assert out((quarter,), now=now) == ((15,),)


def test_correction_that_reveals_old_number_is_hidden():
    before = share([TrueTable("visits", ((count(7),),))], completed=COMPLETED, now={("visits", JANUARY): 7})

    # One late visit: 8 is shown as 10, and whoever knows of it would know that it was 7.
    now = {("visits", JANUARY): 8}
    assert out((count(8),), now=now, published=before.facts) == (("*",),)
    assert out((count(11),), now={("visits", JANUARY): 11}, published=before.facts) == ((10,),)


def test_table_is_withheld_where_hiding_does_not_help():
    before = share([TrueTable("visits", ((count(8),),))], completed=COMPLETED, now={("visits", JANUARY): 8})
    now = {("visits", JANUARY): 7, ("people", JANUARY): 3}

    shared = share(
        [TrueTable("visits", ((count(7),),)), TrueTable("people", ((count(3, "people"),),))],
        completed=COMPLETED,
        now=now,
        published=before.facts,
    )

    assert shared.rows == {"visits": None, "people": (("*",),)}
    assert [fact.value for fact in shared.facts] == [3]


def test_correction_alone_blocks_nothing():
    before = share([TrueTable("visits", ((count(7),),))], completed=COMPLETED, now={("visits", JANUARY): 7})
    now = {("visits", JANUARY): 0}

    assert out((count(0),), now=now, published=before.facts) == ((0,),)


def test_what_everybody_knows_counts():
    held = [KnownSum(AtomSum.of({("visits", JANUARY): 1}), 6, None)]

    # Six evenings at which somebody came make six visits at least: six or seven cannot stand as a star.
    assert out((count(7),), common=held) is None
    assert out((count(7),), common=[KnownSum(AtomSum.of({("visits", JANUARY): 1}), 5, None)]) == (("*",),)


def test_wrong_belief_blocks_nothing():
    assert out((count(4),), common=[KnownSum(AtomSum.of({("visits", JANUARY): 1}), 6, None)]) == (("*",),)


def test_what_there_is_no_time_for_is_withheld():
    assert out((count(4),), seconds=0) is None
    assert out((count(40),), seconds=0) == ((40,),)


def test_month_that_is_not_sealed_is_refused():
    with pytest.raises(MonthNotCompleted):
        share([TrueTable("visits", ((count(40, period=QUARTER),),))], completed=[JANUARY, MARCH], now={})
    with pytest.raises(MonthNotCompleted):
        share([TrueTable("visits", ((Percent(count(9), count(9, period=QUARTER)),),))], completed=[JANUARY], now={})


def test_progress_is_told():
    seen = []
    rows = ((count(3, "a"),), (count(4, "b"),))

    share(
        [TrueTable("given", rows)], completed=COMPLETED, now={}, progress=lambda done, every: seen.append((done, every))
    )

    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(("shown", "value"), [(None, 3), (None, 12), (20, 18), (0, 0)])
def test_fact_reads_what_it_wrote(shown, value):
    fact = PublishedFact(AtomSum.of({("given:4", JANUARY): 2, ("visits", FEBRUARY): 1}), shown, value)

    assert PublishedFact.read(fact.as_json()) == fact


def test_attack_finds_every_value_there_is():
    a, b = AtomSum.of({("a", JANUARY): 1}), AtomSum.of({("b", JANUARY): 1})
    both = AtomSum.of({("a", JANUARY): 1, ("b", JANUARY): 1})
    hidden = KnownSum(a, 1, 7, protected=True)

    assert attack.possible_values(hidden, [hidden, KnownSum(b, 1, 7), KnownSum(both, 14, 14)], FOR_EVER) == {7}
    assert attack.possible_values(hidden, [hidden, KnownSum(b, 1, 7), KnownSum(both, 13, 17)], FOR_EVER) == {6, 7}
    assert len(attack.possible_values(hidden, [hidden], FOR_EVER)) == 3


def test_attack_does_not_assume_contiguous_values():
    """Two and four are possible, three is not: that is two values."""
    a = AtomSum.of({("a", JANUARY): 1})
    twice = KnownSum(AtomSum.of({("a", JANUARY): 1, ("b", JANUARY): -2}), 0, 0)
    hidden = KnownSum(a, 2, 5, protected=True)

    assert attack.possible_values(hidden, [hidden, twice], FOR_EVER) == {2, 4}
    assert list(attack.find_weak([hidden, twice], FOR_EVER)) == [hidden]


def test_attack_believes_nothing_it_had_no_time_for():
    hidden = KnownSum(AtomSum.of({("a", JANUARY): 1}), 1, 7, protected=True)

    assert attack.possible_values(hidden, [hidden], 0.0) == set()
    assert list(attack.find_weak([hidden], 0.0)) == [hidden]


def test_attack_splits_independent_parts():
    one, two, both = (
        KnownSum(AtomSum.of(dict.fromkeys(atoms, 1)), 0, 9)
        for atoms in ([("a", JANUARY)], [("b", JANUARY)], [("b", JANUARY), ("c", JANUARY)])
    )

    assert attack.split_independent([one, two, both]) == [[one], [two, both]]
