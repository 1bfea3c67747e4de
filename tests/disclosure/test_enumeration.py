"""A reader who tries every small world: which of them would have printed exactly what was printed?

Through the printed document only: text, charts, order, and what is left out. Every hidden leaf keeps three values.
"""

import datetime as dt
from collections import defaultdict
from itertools import product

import pytest

from hub.core.periods import Span, months_on
from hub.disclosure import measures
from hub.disclosure.leaves import Leaf
from hub.disclosure.measures import MEASURES
from tests.disclosure.press import JANUARY, MONTHS, QUARTER, YEAR, Press, an_item

FEBRUARY, MARCH = months_on(JANUARY, 1), months_on(JANUARY, 2)
VISITS, PEOPLE, HELD, EMPTY = (f"{name}:" for name in ("visits", "people", "held", "openings_empty"))
SMALL = (0, 1, 3, 5, 7, 8)


def at(month=JANUARY, **counts):
    """Counts of one month; a name's double underscore is the colon."""
    return {(name.replace("__", ":") if "__" in name else f"{name}:", month): n for name, n in counts.items()}


def read_all(worlds, print_world):
    """What is read → (the world, its press) of each world that prints just that."""
    groups = defaultdict(list)
    for world in worlds:
        press = print_world(world)
        groups[tuple(press.read)].append((world, press))
    return groups


def find_told(groups, count=lambda world, leaf: sum(world.get((leaf.name, month), 0) for month in leaf.period.months)):
    """Hidden leaves with fewer than three possible values, as (leaf, values)."""
    told = []
    for alike in groups.values():
        frozen = alike[0][1].published
        for leaf, bucket in frozen.items():
            values = {count(world, leaf) for world, _press in alike}
            if bucket.bucket == 1 and not leaf.name.startswith("said") and len(values) < 3:
                told.append((leaf, values))
    return told


def assert_only_buckets_tell(groups):
    """No two worlds with the same buckets and the same exact numbers print different documents."""
    printed = defaultdict(set)
    for read, alike in groups.items():
        for world, press in alike:
            exact = frozenset((at, n) for at, n in world.items() if measures.measure_of(at[0]) in measures.EXACT)
            printed[frozenset(press.published.items()), exact].add(read)
    assert [len(read) for read in printed.values() if len(read) > 1] == []


def print_editions(*periods, slugs, **about):
    def print_world(world):
        press = Press(*slugs, **about)
        for period in periods:
            press.publish(period, world)
        return press

    return print_world


# --- Each measure with what ties it ---------------------------------------------------------------------------------


def worlds_of_evenings(held):
    """Every world of one month of so many evenings: a visit is an evening with people, and one to twenty people."""
    for visits, empty in product((*range(10), 12, 13), range(held + 1)):
        came = held - empty
        if visits >= came and (visits > 0) == (came > 0):
            for people in (0, 3, 7, 8, 12, 40, 103, 140, 160, 240):
                if visits <= people <= 20 * visits:
                    yield at(visits=visits, people=people, held=held, openings_empty=empty)


@pytest.mark.parametrize("held", [1, 2, 7, 14])
def test_visits_beside_people_and_evenings(held):
    editions = print_editions(MONTHS[0], YEAR, slugs=("visits", "openings"))
    groups = read_all(worlds_of_evenings(held), editions)

    assert find_told(groups) == []
    assert_only_buckets_tell(groups)


def worlds_of_two_months():
    for visits, empty in product(product((0, 1, 2, 4, 7, 9), repeat=2), product(range(3), repeat=2)):
        counts = {}
        for month, came_by, nobody in zip((JANUARY, FEBRUARY), visits, empty, strict=True):
            came = 2 - nobody
            if came_by < came or (came_by > 0) != (came > 0):
                break
            counts |= at(month, visits=came_by, people=came_by, held=2, openings_empty=nobody)
        else:
            yield counts


def test_visits_of_two_months_and_their_quarter():
    groups = read_all(worlds_of_two_months(), print_editions(QUARTER, MONTHS[1], YEAR, slugs=("visits", "openings")))

    assert find_told(groups) == []
    assert_only_buckets_tell(groups)


def worlds_of_answers():
    """One month whose visits are hidden, and two that make about fifty with it; each visit answers once at most."""
    for hidden, second, third, yes in product(range(1, 8), (18, 22), (18, 22), (0, 4, 10, 25)):
        for answered in range(45, hidden + second + third + 1):
            counts = at(visits=hidden, people=hidden) | at(FEBRUARY, visits=second, people=second)
            counts |= at(MARCH, visits=third, people=third)
            yield counts | at(MARCH, said__first__yes=yes, said__first__no=answered - yes)


def test_answers_beside_hidden_visits():
    groups = read_all(worlds_of_answers(), print_editions(QUARTER, slugs=("visits", "said")))

    assert find_told(groups) == []
    assert_only_buckets_tell(groups)


def test_kits_first_and_again_by_product():
    spray, syringe = (an_item(pk, f"Kit {pk}", naloxone=True) for pk in (1, 2))
    names = [f"naloxone:{pk}:{which}" for pk in (1, 2) for which in ("first", "again")]
    worlds = [
        {(name, JANUARY): n for name, n in zip(names, counts, strict=True)}
        for counts in product((1, 4, 7), (0, 2, 6, 7), (1, 5, 7), (3, 5, 7, 8))
    ]
    groups = read_all(worlds, print_editions(QUARTER, YEAR, slugs=("naloxone",), items=[spray, syringe]))

    assert find_told(groups) == []
    assert_only_buckets_tell(groups)


@pytest.mark.parametrize("grain", [1, 3, 12])
def test_loose_items_beside_their_packs(grain):
    loose = an_item(1, "Syringe", counts_as_set=True)
    pack = an_item(2, "Pack", parts={1: 5}, grain=grain)
    worlds = [
        {("given:1", JANUARY): loose, ("given:2", JANUARY): packs, ("given:1", FEBRUARY): more}
        for loose, packs, more in product((0, 1, 4, 7, 8, 12), (0, 2, 3, 7, 9), (0, 1, 5, 7))
    ]
    groups = read_all(worlds, print_editions(MONTHS[0], QUARTER, YEAR, slugs=("given", "kits"), items=[loose, pack]))

    assert find_told(groups) == []
    assert_only_buckets_tell(groups)


def worlds_of_short_shifts(shifts):
    for short, shifts_short in product(range(10), range(shifts + 1)):
        if short >= shifts_short and (short > 0) == (shifts_short > 0):
            yield at(shifts=shifts, short=short, shifts_short=shifts_short)


@pytest.mark.parametrize("shifts", [1, 2, 3, 9])
def test_short_shifts_beside_exact_shifts(shifts):
    groups = read_all(worlds_of_short_shifts(shifts), print_editions(QUARTER, YEAR, slugs=("volunteering",)))

    assert find_told(groups) == []
    assert_only_buckets_tell(groups)


@pytest.mark.parametrize("room", [1, 2, 3, 20])
def test_school_beside_room_in_sessions(room):
    worlds = [at(sessions=1, room=room, came=came) for came in range(min(room, 12) + 1)]
    groups = read_all(worlds, print_editions(QUARTER, slugs=("school",)))

    assert find_told(groups) == []
    assert_only_buckets_tell(groups)


def test_law_and_strips_and_waste_add_up():
    items = [an_item(1, "Pipe"), an_item(2, "Foil", grain=3)]
    labels = {"strip:1": "Strip", "law:-1": "Wish"}
    names = ["law:1", "law:-1", "strips:absent:1", "strips:unclear:1", "wasted:2", "reversals:called", "reversals:rest"]
    worlds = [
        dict.fromkeys(((name, JANUARY) for name in names), n) | {(names[at], JANUARY): other}
        for n, other, at in product((1, 7), (0, 2, 6, 8), range(len(names)))
    ]
    slugs = ("law", "strips", "wasted", "naloxone")
    groups = read_all(worlds, print_editions(QUARTER, YEAR, slugs=slugs, items=items, labels=labels))

    assert_only_buckets_tell(groups)


# --- Several editions, corrections, and other grains ----------------------------------------------------------------


@pytest.mark.parametrize("order", [(MONTHS[0], QUARTER), (QUARTER, MONTHS[0]), (YEAR, QUARTER, MONTHS[0])])
def test_corrections_tell_nothing_of_hidden_numbers(order):
    """The reader is the worst there is: they know how much was added or taken off, as it was about them."""
    foil = an_item(1, "Foil")
    groups = defaultdict(list)
    for before, more in product((*range(1, 9), 12), (-9, -7, -3, -1, 0, 1, 2, 6)):
        after = before + more
        if after < 0:
            continue
        press = Press("given", items=[foil])
        for period in order:
            press.publish(period, {("given:1", JANUARY): before})
        first = press.published.copy()
        for period in order:
            press.publish(period, {("given:1", JANUARY): after}, today=dt.date(2027, 3, 1))
        leaf = Leaf("given:1", MONTHS[0])
        groups[tuple(press.read), more].append((before, first[leaf], press.published[leaf]))

    for (_read, more), alike in groups.items():
        _before, first, last = alike[0]
        if first.bucket == 1:
            # No more is known than without us: who took seven off knows that there were seven.
            assert {before for before, *_buckets in alike} == set(range(max(1, -more), 8))
        # Nothing becomes hidden, and what is hidden stays as it was.
        if 1 in (first.bucket, last.bucket):
            assert first == last


@pytest.mark.parametrize(("first", "later"), [(1, 3), (3, 1), (1, 12), (12, 3)])
def test_another_grain_waits_for_another_year(first, later):
    """Two grains of one year beside each other could be subtracted."""
    worlds = [{("given:1", JANUARY): a, ("given:1", FEBRUARY): b} for a, b in product(SMALL, repeat=2)]

    def print_world(world):
        press = Press("given", items=[an_item(1, "Foil", grain=first)])
        press.publish({1: MONTHS[0], 3: QUARTER, 12: YEAR}[first], world)
        press.items[1].grain = later
        for period in (MONTHS[0], MONTHS[1], QUARTER, YEAR):
            press.publish(period, world)
        return press

    groups = read_all(worlds, print_world)

    assert find_told(groups) == []
    leaves = {leaf for alike in groups.values() for leaf in alike[0][1].published if leaf.name == "given:1"}
    assert {leaf.period.span for leaf in leaves} == {Span(first)}


def test_grain_chosen_for_measure_holds():
    worlds = [at(visits=n, people=n) for n in (1, 4, 7)]
    groups = read_all(worlds, print_editions(MONTHS[0], YEAR, slugs=("visits",), grains={"visits": Span.YEAR}))

    assert {leaf.period for alike in groups.values() for leaf in alike[0][1].published} == {YEAR}


# --- It has to be able to win ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "worlds", "period", "slugs"),
    [
        ("people", list(worlds_of_evenings(1)), MONTHS[0], ("visits",)),
        ("openings_empty", list(worlds_of_evenings(14)), YEAR, ("visits", "openings")),
        ("said", list(worlds_of_answers()), QUARTER, ("visits", "said")),
        ("shifts_short", list(worlds_of_short_shifts(2)), QUARTER, ("volunteering",)),
        ("came", [at(sessions=1, room=2, came=came) for came in range(3)], QUARTER, ("school",)),
    ],
)
def test_enemy_wins_where_nothing_is_left_out(measure, worlds, period, slugs, monkeypatch):
    always = MEASURES[measure].__class__(**{**vars(MEASURES[measure]), "is_open": lambda _public, _period: True})
    monkeypatch.setitem(measures.MEASURES, measure, always)

    assert find_told(read_all(worlds, print_editions(period, slugs=slugs))) != []
