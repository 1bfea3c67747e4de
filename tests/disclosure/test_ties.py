"""Every listed tie, in a solver: every hidden leaf keeps three values. And every measure has its line."""

import datetime as dt
import time
from random import Random

import pytest

from hub.core.periods import Period, Span
from hub.desk.visit_payload import MAX_PEOPLE
from hub.disclosure.buckets import bucket_bounds
from hub.disclosure.leaves import Leaf
from hub.disclosure.measures import BUILDING, EXACT, MEASURES, SHARES, measure_of
from hub.disclosure.ties import MAX_PEOPLE_A_VISIT, TIES
from hub.models import Measure
from hub.reports import sections
from hub.reports.rows import Figures
from tests.disclosure.attack import AtomSum, KnownSum, find_weak, split_independent
from tests.disclosure.press import COMPLETED, MONTHS, QUARTER, YEAR, Press, an_item

ITEMS = [
    an_item(1, "Syringe", counts_as_set=True),
    an_item(2, "Pack", parts={1: 5}, grain=3),
    an_item(3, "Spray", naloxone=True, grain=3),
    an_item(4, "Rare", grain=12),
]
LABELS = {"strip:1": "Strip", "law:-1": "Wish", "finished:1": "Course"}
ANSWERS = ("said:first:yes", "said:first:no")
A_MONTH = (  # what is counted beside visits and the rota, in no order
    *(f"given:{pk}" for pk in (1, 2, 4)),
    *(f"wasted:{pk}" for pk in (1, 4)),
    *("bins:small", "bins:large", "naloxone:3:first", "naloxone:3:again", "reversals:called", "reversals:rest"),
    *("strips:absent:1", "strips:unclear:1", "law:1", "law:-1", "out:1", "not_stocked:-1", "finished:1"),
)


def names_of_rows():
    """Every series that any row of any section counts, with the rows' own figures."""
    figures = Figures({(name, MONTHS[0].first): 0 for name in ANSWERS}, LABELS | dict.fromkeys(ANSWERS, ""),
                      {item.pk: item for item in ITEMS}, COMPLETED)  # fmt: skip
    for section in sections.SECTIONS:
        for row in section.build_rows(figures):
            for one in (row, row.of):
                if one:
                    yield from ((one, name) for name in (*one.parts, *one.rest, *one.less))


def test_every_measure_has_its_line():
    tied = [measure for tie in TIES for measure in tie.measures]
    assert set(tied) == set(MEASURES)
    assert all(len(tie.argument) > 60 for tie in TIES)


def test_every_row_counts_a_known_measure():
    """A row of a measure nobody listed fails: so does a line of the building that is about people."""
    measures = {measure_of(name) for _row, name in names_of_rows()}
    assert measures <= set(MEASURES) | EXACT
    assert set(MEASURES) <= measures
    for row, name in names_of_rows():
        if row.is_exact and name in row.parts:
            assert measure_of(name) in EXACT, row.label
        elif not row.is_private:
            assert measure_of(name) in MEASURES, row.label


def test_every_measure_of_the_desk_is_published_somewhere():
    measures = {measure_of(name) for _row, name in names_of_rows()}
    assert {measure.value for measure in Measure} <= measures


def test_no_total_is_a_leaf_beside_its_parts():
    """A leaf stands for itself: a row that adds up several is arithmetic, and no series is counted by two names."""
    wholes = {row.label for row, name in names_of_rows() if row.is_total and len(row.parts) == 1}
    assert wholes <= {"Sets: all syringes and barrels"}


def test_ties_know_how_many_come_on_a_visit():
    assert MAX_PEOPLE_A_VISIT == MAX_PEOPLE


def a_small_world(seed):
    """A year in which little happens, as ties allow it."""
    random = Random(seed)  # noqa: S311 -- the same worlds every time

    def few(most=9):
        return random.choice((0, 0, 1, 2, 5, 7, 8, random.randint(0, most)))

    numbers = {}
    for month in MONTHS:
        at = month.first
        held = random.choice((0, 1, 2, 8))
        empty = random.randint(0, held)
        came = held - empty
        visits = came + few(30) if came else 0
        people = min(visits + few(60), 20 * visits)
        shifts, room = random.choice((0, 1, 3, 9)), random.choice((0, 2, 12))
        shifts_short = random.randint(0, min(shifts, 4))
        numbers |= {
            ("held:", at): held,
            ("openings_empty:", at): empty,
            ("visits:", at): visits,
            ("people:", at): people,
            ("shifts:", at): shifts,
            ("shifts_short:", at): shifts_short,
            ("short:", at): shifts_short + few() if shifts_short else 0,
            ("hours:", at): few() if shifts else 0,
            ("sessions:", at): int(room > 0),
            ("room:", at): room,
            ("came:", at): random.randint(0, room),
        }
        answered = random.randint(0, visits)
        yes = random.randint(0, answered)
        numbers |= {("said:first:yes", at): yes, ("said:first:no", at): answered - yes}
        numbers |= {(name, at): few() for name in A_MONTH}
    return numbers


def read_constraints(press, numbers):
    """What a reader of everything knows: the buckets, the exact numbers of each month, and every tie."""
    for leaf, frozen in press.published.items():
        if measure_of(leaf.name) == SHARES:
            continue
        of = AtomSum.of({(leaf.name, month): 1 for month in leaf.period.months})
        yield KnownSum(of, *bucket_bounds(frozen.bucket), protected=frozen.bucket == 1)
    for (name, month), number in numbers.items():
        if measure_of(name) in BUILDING:
            yield KnownSum(AtomSum.of({(name, month): 1}), number, number)
    yield from _read_answers(press)
    for month in YEAR.months:
        for relation in [relation for tie in TIES for relation in tie.relations]:
            factors = {}
            for name, factor in relation.factors.items():
                prefix = name.removesuffix("*")
                series = [answer for answer in ANSWERS if answer.startswith(prefix)] if "*" in name else [name]
                factors |= {(one, month): factor for one in series}
            yield KnownSum(AtomSum.of(factors), relation.least, None)


def _read_answers(press):
    """That a share is told says that fifty answered, and how many of them in tenths."""
    for leaf, frozen in press.published.items():
        if measure_of(leaf.name) == SHARES and frozen.bucket != 1:
            every = {(answer, month): 1 for answer in ANSWERS for month in leaf.period.months}
            yield KnownSum(AtomSum.of(every), 50, None)
            low, high = {0: (0, 10), 100: (90, 100)}.get(frozen.bucket, (frozen.bucket - 5, frozen.bucket + 5))
            own = {(leaf.name, month): 100 for month in leaf.period.months}
            yield KnownSum(AtomSum.of({at: own.get(at, 0) - low for at in every}), 0, None)
            yield KnownSum(AtomSum.of({at: high - own.get(at, 0) for at in every}), 0, None)


@pytest.mark.parametrize("seed", range(12))
def test_no_tie_tells_a_hidden_leaf(seed):
    numbers = a_small_world(seed)
    grains = [{}, {"visits": Span.QUARTER, "short": Span.MONTH}, {"reversals": Span.YEAR, "law": Span.MONTH}][seed % 3]
    press = Press(items=ITEMS, labels=LABELS, grains=grains)
    for period in (MONTHS[1], QUARTER, *MONTHS[4:6], YEAR, Period(dt.date(2026, 7, 1), Span.QUARTER)):
        press.publish(period, numbers)

    constraints = list(read_constraints(press, numbers))
    assert [known for known in constraints if not known.holds(numbers)] == []
    hidden = [known for known in constraints if known.protected]
    groups = split_independent(constraints)
    deadline = time.monotonic() + 60
    assert len(hidden) > 20
    assert [weak for group in groups for weak in find_weak(group, deadline)] == []


def test_solver_wins_where_evenings_are_told_by_month():
    """The attack that was made: seven openings people came to, beside a hidden number of visits."""
    numbers = {("visits:", MONTHS[0].first): 7, ("held:", MONTHS[0].first): 7, ("people:", MONTHS[0].first): 7}
    press = Press("visits", "openings")
    press.publish(MONTHS[0], numbers)
    told = KnownSum(AtomSum.of({("openings_empty:", MONTHS[0].first): 1}), 0, 0)
    january = {("held:", month): numbers.get(("held:", month), 0) for month in YEAR.months}

    def find(*more):
        known = [*read_constraints(press, numbers | january), *more]
        return [weak.of.parts[0][0][0] for group in split_independent(known)
                for weak in find_weak(group, time.monotonic() + 20)]  # fmt: skip

    assert press.published[Leaf("visits:", MONTHS[0])].bucket == 1
    assert find() == []
    assert find(told) == ["visits:"]
