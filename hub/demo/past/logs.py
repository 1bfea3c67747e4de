"""The past's logs of naloxone, reversals and strips, for the months the demo has none of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from hub.core.choices import Choice
from hub.demo.past.size import Size
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import Strip, StripResult
from supplies.models import CompletedMonth, Item, Movement, Store


def add_logs(size: Size) -> Iterator[float]:
    """Some rows of each in every sealed month that has none; naloxone goes out of the books as well."""
    random = Random("logs of years")  # noqa: S311 -- the same world every time is the point
    written = set(NaloxoneGiven.objects.values_list("month", flat=True))
    sealed = set(CompletedMonth.objects.values_list("month", flat=True))
    words: dict[str, list[Choice]] = {of: [] for of in Choice.Of.values}
    for choice in Choice.objects.offered().order_by("of", "order", "name"):
        words[choice.of].append(choice)
    months = [month for month in size.months if month in sealed - written]
    for number, month in enumerate(months, start=1):
        _add_naloxone(random, size, month, words)
        _add_reversals(random, size, month, words)
        _add_strips(random, size, month, words)
        if not number % 12:
            yield number / len(months)
    yield 1


def _add_naloxone(random: Random, size: Size, month: dt.date, words: dict[str, list[Choice]]) -> None:
    store = Store.objects.main()
    products = list(Item.objects.filter(naloxone=True).order_by("slug"))
    rows = []
    for _number in range(size.so_many(12 * size.busy(month))):
        again = random.choice((None, False, False, True))
        rows.append(
            NaloxoneGiven(
                month=month,
                product=random.choice(products),
                kits=random.choice((1, 1, 1, 2)),
                again=again,
                why_again=random.choice(words["why_again"]) if again else None,
                trained=random.choice((None, True, False)),
                recipient=random.choice(words["recipient"]),
            )
        )
    NaloxoneGiven.objects.bulk_create(rows)
    kits = {product: sum(row.kits for row in rows if row.product_id == product.pk) for product in products}
    Movement.objects.bulk_create(
        row
        for product, n in kits.items()
        if n
        for row in (
            Movement(kind=Movement.Kind.COUNTED, item=product, store=store, quantity=n, made_on=month),
            Movement(kind=Movement.Kind.GIVEN_OUT, item=product, store=store, quantity=-n, month=month),
        )
    )


def _add_reversals(random: Random, size: Size, month: dt.date, words: dict[str, list[Choice]]) -> None:
    Reversal.objects.bulk_create(
        Reversal(
            month=month,
            place=random.choice(words["place"]),
            doses=random.choice((None, 1, 1, 2, 2, 3)),
            called_999=random.choice((None, True, False)),
            outcome=random.choice(words["outcome"][:3]),
        )
        for _number in range(size.so_many(3))
    )


def _add_strips(random: Random, size: Size, month: dt.date, words: dict[str, list[Choice]]) -> None:
    strips = list(Strip.objects.order_by("order", "name"))
    StripResult.objects.bulk_create(
        StripResult(
            month=month,
            strip=random.choice(strips),
            line=random.choices(StripResult.Reading.values, (3, 12, 1, 2))[0],
            sold_as=random.choice(words["sold_as"]),
        )
        for _number in range(size.so_many(14))
    )
