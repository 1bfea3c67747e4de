"""Nobody who reads everything we ever published can tell a hidden number, whatever we published in which order."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, currently_in_test_context, given, settings
from hypothesis import event as say
from hypothesis import strategies as st

from hub.core.periods import Period, Span
from hub.disclosure.attack import AtomSum, KnownSum
from hub.disclosure.gate import PeopleCount, Percent, TrueTable, round_count, share
from tests.hub.disclosure.intruder import ANY, Intruder

MONTHS = [dt.date(2026, month, 1) for month in range(1, 4)]
COMPLETED = [*MONTHS, *(dt.date(2025, month, 1) for month in range(1, 13))]
QUARTER = Period(MONTHS[0], Span.QUARTER)
PERIODS = [*(Period(month, Span.MONTH) for month in MONTHS), QUARTER]
LINES = ("foil", "kits", "strips")

small = st.one_of(st.integers(0, 3), st.integers(0, 9), st.integers(6, 14), st.integers(8, 30))


def event(what):
    if currently_in_test_context():
        say(what)


class World:
    """True numbers, everything published of them so far, and somebody who reads it."""

    def __init__(self, numbers):
        self.now = dict(numbers)
        self.names = sorted({name for name, _month in numbers})
        self.facts, self.read = [], []

    def count(self, period, *names):
        of = AtomSum.of({(name, month): 1 for name in names for month in period.months})
        return PeopleCount(of.value(self.now), of, period)

    def tables(self, period):
        total = self.count(period, *self.names)
        rows = [(self.count(period, name), Percent(self.count(period, name), total)) for name in self.names]
        return [TrueTable("given", (*rows, (total, Percent(total, total)))), TrueTable("total", ((total,),))]

    def publish(self, period, common=()):
        """Publish, and look whether that told a number which nobody could tell before."""
        before = self.told(common)
        shared = self._publish(period, common)
        assert self.told(common) <= before
        return shared

    def _publish(self, period, common):
        tables = self.tables(period)
        shared = share(tables, completed=COMPLETED, now=self.now, published=self.facts, common=common)
        self.facts += shared.facts
        for table in tables:
            if shared.rows[table.slug] is None:
                event("a table was withheld")
                continue
            for row, printed in zip(table.rows, shared.rows[table.slug], strict=True):
                self.read.append((row[0].of, str(printed[0]), row[0].value))
                if printed[0] == "*" and row[0].value > 7:
                    event("a larger number was hidden beside a small one")
                if printed[0] == "*" and len(printed) > 1:
                    assert printed[1] == "*"
        return shared

    def correct(self, atom, number):
        self.now[atom] = number

    def told(self, common=()):
        """Every hidden number the intruder can narrow down to fewer than three values."""
        intruder = Intruder()
        for known in common:
            intruder.learns(dict(known.of.parts), known.least, ANY if known.most is None else known.most)
        stars = []
        for of, printed, value in self.read:
            star = (1, 7) if value <= 7 else None
            intruder.reads(dict(of.parts), printed, star=star, corrected=of.value(self.now) - value)
            if printed == "*":
                stars.append(of)
        return {of for of in stars if len(intruder.possible_values(dict(of.parts), self.now)) < 3}


def worlds(lines):
    return st.fixed_dictionaries({(line, month): small for line in lines for month in MONTHS})


HAPPENINGS = st.lists(
    st.one_of(
        st.sampled_from(PERIODS),
        st.tuples(st.sampled_from(LINES[:2]), st.sampled_from(MONTHS), small),
    ),
    min_size=1,
    max_size=6,
)
SLOWLY = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


@SLOWLY
@given(numbers=worlds(LINES[:2]), happenings=HAPPENINGS)
def test_intruder_never_wins_through_editions_and_corrections(numbers, happenings):
    world = World(numbers)
    for happening in happenings:
        if isinstance(happening, Period):
            world.publish(happening)
        else:
            line, month, number = happening
            # Whoever knows that seven were taken off a hidden number knows it without us.
            world.correct((line, month), number)
    world.publish(QUARTER)


@SLOWLY
@given(numbers=worlds(LINES), order=st.permutations(PERIODS))
def test_intruder_never_wins_whatever_comes_out_first(numbers, order):
    world = World(numbers)
    for period in order:
        world.publish(period)

    assert world.told() == set()


@SLOWLY
@given(numbers=worlds(["people", "visits"]), openings=st.lists(st.integers(0, 8), min_size=3, max_size=3))
def test_intruder_who_knows_what_everybody_knows_never_wins(numbers, openings):
    world = World(numbers)
    common = []
    for month, held in zip(MONTHS, openings, strict=True):
        visits = ("visits", month)
        world.now[visits] = max(world.now[visits], held)
        world.now["people", month] = max(world.now["people", month], world.now[visits])
        common += [
            KnownSum(AtomSum.of({visits: 1}), held, None),
            KnownSum(AtomSum.of({("people", month): 1, visits: -1}), 0, None),
        ]
    for period in PERIODS:
        world.publish(period, common)

    assert world.told(common) == set()


def test_intruder_beats_mere_rounding():
    """The same reader, of tables that were only rounded: it has to be able to win."""
    world = World({("foil", MONTHS[0]): 7, ("kits", MONTHS[0]): 7})
    period = PERIODS[0]
    for row in world.tables(period)[0].rows:
        shown = round_count(row[0].value)
        world.read.append((row[0].of, "*" if shown is None else str(shown), row[0].value))

    assert {of.parts for of in world.told()} == {((("foil", MONTHS[0]), 1),), ((("kits", MONTHS[0]), 1),)}


def test_intruder_reckons_by_hand():
    intruder = Intruder()
    intruder.reads({"a": 1}, "*", star=(1, 7))
    intruder.reads({"b": 1}, "*", star=(1, 7))
    intruder.reads({"a": 1, "b": 1}, "15")

    assert intruder.possible_values({"a": 1}, {}) == {6, 7}
    assert intruder.possible_values({"a": 1, "b": 1}, {}) == {13, 14}


@pytest.mark.parametrize(("was", "corrected"), [(7, 8), (8, 7), (6, 8), (7, 9), (1, 8), (3, 40), (7, 0), (40, 3)])
def test_intruder_does_not_profit_from_one_correction(was, corrected):
    world = World({("visits", MONTHS[0]): was})
    world.publish(PERIODS[0])
    world.correct(("visits", MONTHS[0]), corrected)
    world.publish(PERIODS[0])
