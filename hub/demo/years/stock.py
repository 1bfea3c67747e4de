"""The years' stock: what came, what went out by month and what was thrown away, in the books and in the tallies."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from random import Random

from hub.demo.world import TAKEN
from hub.demo.years.deliveries import Purchases
from hub.demo.years.shelf import Shelf
from hub.demo.years.size import Size
from hub.desk.models.tallies import MAX_ISSUED_AT_ONCE, Measure, Tally
from supplies.models import CompletedMonth, Item, Movement, Shortfall, Store, Wish

RARELY = (8, 1, 4)
"""In how many of a hundred visits a thing is taken that the demo says nothing of, and how many then."""
SPOILT, LEAST, MOST = 3, 1, 6
Given = dict[dt.date, dict[int, int]]


def lay_out(size: Size) -> Iterator[float]:
    """Bring every month's giving out to what its visits took, from boxes that came in time for it."""
    random = Random("stock of years")  # noqa: S311 -- the same world every time is the point
    items = _items(size)
    given = _given(random, size, items)
    sealed = set(CompletedMonth.objects.values_list("month", flat=True))
    shelf, purchases = Shelf(), Purchases(size, items)
    for number, month in enumerate(size.months):
        purchases.of_month(number, given, shelf)
        Tally.objects.add(month, {(Measure.GIVEN, str(item)): n for item, n in given[month].items()})
        if purchases.is_open(month, sealed):
            _give_at_the_desk(month, given[month])
        else:
            _write_down(random, month, given[month], shelf)
            CompletedMonth.objects.get_or_create(month=month)
        yield (number + 1) / len(size.months)
    _asked_for(random, size)
    purchases.settle()


def _items(size: Size) -> list[Item]:
    """What goes out every month: what the demo's visits take, and then the rest of the catalogue by name."""
    things = Item.objects.active().filter(kind=Item.Kind.THING, naloxone=False).select_related("supplier")
    first = sorted(things, key=lambda item: (item.slug not in TAKEN, item.slug))
    return first[: max(1, size.items - 2)]


def _given(random: Random, size: Size, items: list[Item]) -> Given:
    """By month and item: what its visits took, less what is in the tallies already."""
    known: defaultdict[tuple[dt.date, str, str], int] = defaultdict(int)
    for row in Tally.objects.filter(month__in=size.months):
        known[row.month, row.measure, row.key] = row.value
    given: Given = {}
    for month in size.months:
        given[month] = {}
        for item in items:
            often, low, high = TAKEN.get(item.slug, RARELY)
            taken = known[month, Measure.VISITS, ""] * often / 100 * (low + high) / 2 * random.uniform(0.8, 1.2)
            missing = round(taken) - known[month, Measure.GIVEN, str(item.pk)]
            if missing > 0:
                given[month][item.pk] = missing
    return given


def _give_at_the_desk(month: dt.date, amounts: dict[int, int]) -> None:
    """A month that is not sealed yet grows as it does at the desk, by handfuls."""
    while amounts:
        Item.objects.issue({item: min(n, MAX_ISSUED_AT_ONCE) for item, n in amounts.items()}, month=month)
        amounts = {item: n - MAX_ISSUED_AT_ONCE for item, n in amounts.items() if n > MAX_ISSUED_AT_ONCE}


def _write_down(random: Random, month: dt.date, amounts: dict[int, int], shelf: Shelf) -> None:
    """A sealed month is rows of the ledger; and now and then something got wet."""
    store = Store.objects.main()
    rows = [
        Movement(kind=Movement.Kind.GIVEN_OUT, item_id=item, lot_id=lot, store=store, quantity=-n, month=month)
        for item, wanted in amounts.items()
        for lot, n in shelf.take(item, wanted)
    ]
    rows += [
        Movement(
            kind=Movement.Kind.WASTED, item_id=item, lot_id=lot, store=store, quantity=-n, made_on=month, reason="Wet"
        )
        for item in random.sample(sorted(amounts), min(SPOILT, len(amounts)))
        for lot, n in shelf.take(item, min(shelf.left(item), random.randint(LEAST, MOST)))
    ]
    Movement.objects.bulk_create(rows)


def _asked_for(random: Random, size: Size) -> None:
    """What was asked for and not there, in months that say nothing of it yet."""
    known = set(Shortfall.objects.values_list("month", flat=True))
    wishes = list(Wish.objects.order_by("name"))
    Shortfall.objects.bulk_create(
        Shortfall(month=month, wish=wish, reason=Shortfall.Reason.NOT_STOCKED, number=random.randint(1, 14))
        for month in size.months
        if month not in known
        for wish in wishes
    )
