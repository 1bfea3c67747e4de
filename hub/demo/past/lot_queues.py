"""Queues of lots, as the past's ledger fills and empties them: first in, first out. Knows no database."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator


class LotQueues:
    """How much of which lot is left of each item."""

    def __init__(self) -> None:
        """Nothing."""
        self._left: defaultdict[int, deque[tuple[int, int]]] = defaultdict(deque)

    def put(self, item: int, lot: int, quantity: int) -> None:
        """Behind what is there."""
        self._left[item].append((lot, quantity))

    def left(self, item: int) -> int:
        """How many there are, in all lots."""
        return sum(quantity for _lot, quantity in self._left[item])

    def take(self, item: int, quantity: int) -> Iterator[tuple[int | None, int]]:
        """Lot and how many of it. What is not there goes out all the same, of no lot anybody knows."""
        left = self._left[item]
        while quantity and left:
            lot, there = left.popleft()
            taken = min(there, quantity)
            if there > taken:
                left.appendleft((lot, there - taken))
            quantity -= taken
            yield lot, taken
        if quantity:
            yield None, quantity
