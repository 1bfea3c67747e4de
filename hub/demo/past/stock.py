"""The past's stock: deliveries, outgoings and waste of every month, in the ledger and in the tallies."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from random import Random

from hub.demo.past.lot_queues import LotQueues
from hub.demo.past.purchases import GivenByMonth, Purchases
from hub.demo.past.shortfalls import add_shortfalls
from hub.demo.past.size import Size
from hub.demo.world import TAKEN
from hub.desk.models.tallies import MAX_ISSUED_AT_ONCE, Measure, Tally
from hub.months.models import Month
from supplies.models import CompletedMonth, Item, Movement, Store

PACK = "going-out-pack"
LEAST_PACKS, MOST_PACKS = 9, 18
SPOILT = {"food": "Past its date", "swab": "Wet", "condom": "Past their date"}
RARELY = (8, 1, 4)
"""In how many of a hundred visits a thing is taken that the demo says nothing of, and how many then."""
SPOILT_ITEMS, LEAST_SPOILT, MOST_SPOILT = 3, 1, 6


def complete_last_quarter(size: Size) -> Iterator[float]:
    """Complete the months of the last full quarter, before anything is added to them."""
    for month in size.last_quarter.months:
        Month(month).complete_month()
    yield 1


def add_plain_stock(size: Size) -> Iterator[float]:
    """Add packs that went out and waste to every month before the end of the last quarter; all are complete."""
    random = Random("stock of quarters")  # noqa: S311 -- the same world every time is the point
    store = Store.objects.main()
    pack = Item.objects.get(slug=PACK)
    spoilt = list(Item.objects.filter(slug__in=SPOILT).order_by("slug"))
    rows = []
    for month in size.reported_months:
        if month >= size.last_quarter.end:
            break
        packs, wasted = random.randint(LEAST_PACKS, MOST_PACKS), random.choice(spoilt)
        amount = random.randint(2, 12)
        Tally.objects.add(month, {(Measure.GIVEN, str(pack.pk)): packs})
        rows += [
            # They were there: what was counted then is what went since.
            Movement(kind=Movement.Kind.COUNTED, item=pack, store=store, quantity=packs, made_on=month),
            Movement(kind=Movement.Kind.GIVEN_OUT, item=pack, store=store, quantity=-packs, month=month),
            Movement(kind=Movement.Kind.COUNTED, item=wasted, store=store, quantity=amount, made_on=month),
            Movement(
                kind=Movement.Kind.WASTED,
                item=wasted,
                store=store,
                quantity=-amount,
                made_on=month,
                reason=SPOILT[wasted.slug],
            ),
        ]
    Movement.objects.bulk_create(rows)
    yield 1


def add_busy_stock(size: Size) -> Iterator[float]:
    """Bring every month's outgoings to what its visits took, from deliveries that came in time for it."""
    random = Random("stock of years")  # noqa: S311 -- the same world every time is the point
    items = _list_items(size)
    given = _draw_given(random, size, items)
    sealed = set(CompletedMonth.objects.values_list("month", flat=True))
    lots, purchases = LotQueues(), Purchases(size, items)
    for number, month in enumerate(size.months):
        purchases.receive_month(number, given, lots)
        Tally.objects.add(month, {(Measure.GIVEN, str(item)): n for item, n in given[month].items()})
        if month in sealed or (sealed and month <= max(sealed)):
            _write_ledger(random, month, given[month], lots)
            CompletedMonth.objects.get_or_create(month=month)
        else:
            _issue_at_desk(month, given[month])
        yield (number + 1) / len(size.months)
    add_shortfalls(random, size.months, least=1, reasons={})
    purchases.fund_years()


def _list_items(size: Size) -> list[Item]:
    """List what goes out every month: what the demo's visits take, and then the rest of the catalogue by name."""
    things = Item.objects.active().filter(kind=Item.Kind.THING, naloxone=False).select_related("supplier")
    first = sorted(things, key=lambda item: (item.slug not in TAKEN, item.slug))
    return first[: max(1, size.items - 2)]


def _draw_given(random: Random, size: Size, items: list[Item]) -> GivenByMonth:
    """Draw how many of each item a month's visits took, less what is in the tallies already."""
    known: defaultdict[tuple[dt.date, str, str], int] = defaultdict(int)
    for row in Tally.objects.filter(month__in=size.months):
        known[row.month, row.measure, row.key] = row.value
    given: GivenByMonth = {}
    for month in size.months:
        given[month] = {}
        for item in items:
            often, low, high = TAKEN.get(item.slug, RARELY)
            taken = known[month, Measure.VISITS, ""] * often / 100 * (low + high) / 2 * random.uniform(0.8, 1.2)
            missing = round(taken) - known[month, Measure.GIVEN, str(item.pk)]
            if missing > 0:
                given[month][item.pk] = missing
    return given


def _issue_at_desk(month: dt.date, amounts: dict[int, int]) -> None:
    """Issue the amounts by handfuls, as the desk does: the month is still open."""
    while amounts:
        Item.objects.issue({item: min(n, MAX_ISSUED_AT_ONCE) for item, n in amounts.items()}, month=month)
        amounts = {item: n - MAX_ISSUED_AT_ONCE for item, n in amounts.items() if n > MAX_ISSUED_AT_ONCE}


def _write_ledger(random: Random, month: dt.date, amounts: dict[int, int], lots: LotQueues) -> None:
    """Write the outgoings of a complete month into the ledger, and now and then something that got wet."""
    store = Store.objects.main()
    rows = [
        Movement(kind=Movement.Kind.GIVEN_OUT, item_id=item, lot_id=lot, store=store, quantity=-n, month=month)
        for item, wanted in amounts.items()
        for lot, n in lots.take(item, wanted)
    ]
    rows += [
        Movement(
            kind=Movement.Kind.WASTED, item_id=item, lot_id=lot, store=store, quantity=-n, made_on=month, reason="Wet"
        )
        for item in random.sample(sorted(amounts), min(SPOILT_ITEMS, len(amounts)))
        for lot, n in lots.take(item, min(lots.left(item), random.randint(LEAST_SPOILT, MOST_SPOILT)))
    ]
    Movement.objects.bulk_create(rows)
