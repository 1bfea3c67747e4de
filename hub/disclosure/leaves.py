"""Leaves: the counts about people that are published, each put into a bucket once and kept there.

A `Publication` gives out buckets and sums of buckets, and collects those it had to make. It is the only reader of true
counts on the way out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hub.core.periods import Period, Span
from hub.disclosure.buckets import HIDDEN_BUCKET, Amount, find_bucket, find_share
from hub.disclosure.measures import EXACT, MEASURES, SHARES, measure_of

TrueCount = Callable[[str, Period], int]
"""Returns the true count of a series over a period."""


@dataclass(frozen=True, order=True)
class Leaf:
    """One count about people: a series, such as the visits or one item given out, in one period of its grain."""

    name: str
    period: Period


@dataclass(frozen=True)
class FrozenBucket:
    """The bucket of a leaf as published. `version` counts how often it was put right, `since` is the last time."""

    bucket: int
    version: int = 1
    since: dt.date | None = None


@dataclass(frozen=True)
class Share:
    """A leaf that is a share: the series of all answers that it is a part of."""

    of: tuple[str, ...]


@dataclass
class Publication:
    """What one edition may show. `made` are the leaves that it publishes first, or puts right.

    `grains` says the grain of each series. A year of which something is published keeps the grain it began with: two
    grains of one series would overlap, and their difference tell a hidden number.
    """

    true_count: TrueCount
    completed: frozenset[dt.date]
    published: Mapping[Leaf, FrozenBucket]
    grains: Callable[[str], Span]
    today: dt.date
    shares: Mapping[str, Share] = field(default_factory=dict)
    made: dict[Leaf, FrozenBucket] = field(default_factory=dict)
    _years: dict[tuple[str, int], Span] = field(init=False)
    _buckets: dict[Leaf, FrozenBucket | None] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Note the grain of each series and year with a published leaf."""
        self._years = {(leaf.name, leaf.period.first.year): leaf.period.span for leaf in self.published}

    def grain(self, name: str, year: int) -> Span:
        """Return the grain of a series in a calendar year."""
        follows = MEASURES[measure_of(name)].follows
        key = (f"{follows}:" if follows else name, year)
        if key not in self._years:
            self._years[key] = self.grains(key[0])
        return self._years[key]

    def is_complete(self, period: Period) -> bool:
        """Whether every month of a period is complete. Otherwise nothing is said: zero is not missing."""
        return self.completed.issuperset(period.months)

    def exact(self, names: Iterable[str], period: Period) -> int:
        """Return the sum of exact numbers over a period. Refuses numbers about people."""
        names = list(names)
        refuse_people(names)
        return sum(self.true_count(name, period) for name in names)

    def bucket(self, leaf: Leaf) -> FrozenBucket | None:
        """Return the bucket of a leaf, frozen now unless it was before; None where the leaf is left out."""
        if leaf not in self._buckets:
            self._buckets[leaf] = self._find_bucket(leaf)
        return self._buckets[leaf]

    def leaves(self, name: str, period: Period) -> list[Leaf] | None:
        """Return the leaves of a series that fill a period; None where its grain is longer than the period."""
        span = self.grain(name, period.first.year)
        if span > period.span:
            return None
        firsts = [month for month in period.months if (month.month - 1) % span == 0]
        return [Leaf(name, Period(first, span)) for first in firsts]

    def buckets_within(self, name: str, period: Period) -> list[tuple[Period, int]] | None:
        """Return the leaves of a series that fill a period, with their buckets; None if they do not fill it."""
        leaves = self.leaves(name, period)
        frozen = [(leaf.period, self.bucket(leaf)) for leaf in leaves or ()]
        known = [(part, bucket.bucket) for part, bucket in frozen if bucket]
        return None if leaves is None or len(known) < len(leaves) else known

    def amount(self, name: str, period: Period) -> Amount | None:
        """Return the sum of the leaves of a series over a period; None where it cannot be said."""
        buckets = self.buckets_within(name, period)
        if buckets is None:
            return None
        return sum((Amount.of_bucket(bucket) for _period, bucket in buckets), Amount.exact(0))

    def total(self, parts: Mapping[str, int], period: Period) -> Amount | None:
        """Return a sum of series, each so many times; None where one of them cannot be said."""
        total = Amount.exact(0)
        for name, factor in parts.items():
            amount = self.amount(name, period)
            if amount is None:
                return None
            total += amount.times(factor)
        return total

    def share_range(self, name: str, period: Period) -> Amount | None:
        """Return the lowest and the highest share of an answer over a period; None where one cannot be said."""
        buckets = self.buckets_within(name, period)
        if buckets is None or any(bucket == HIDDEN_BUCKET for _period, bucket in buckets):
            return None
        shares = [bucket for _period, bucket in buckets]
        return Amount(min(shares), max(shares))

    def put_right_on(self, names: Iterable[str], period: Period) -> dt.date | None:
        """Return the last day on which a leaf of these series in a period was put right, if one was."""
        days = []
        for name in names:
            for leaf in self.leaves(name, period) or ():
                frozen = self.bucket(leaf)
                if frozen and frozen.since:
                    days.append(frozen.since)
        return max(days, default=None)

    def _find_bucket(self, leaf: Leaf) -> FrozenBucket | None:
        frozen = self.published.get(leaf)
        if not self.is_complete(leaf.period):
            return frozen
        if frozen is None:
            if not MEASURES[measure_of(leaf.name)].is_open(self, leaf.period):
                return None
            self.made[leaf] = FrozenBucket(self._true_bucket(leaf))
            return self.made[leaf]
        bucket = self._true_bucket(leaf)
        if can_be_put_right(leaf, frozen.bucket, bucket):
            self.made[leaf] = FrozenBucket(bucket, frozen.version + 1, self.today)
            return self.made[leaf]
        return frozen

    def _true_bucket(self, leaf: Leaf) -> int:
        if share := self.shares.get(leaf.name):
            whole = sum(self.true_count(name, leaf.period) for name in share.of)
            return find_share(self.true_count(leaf.name, leaf.period), whole)
        # Waste that was put right can be below nought.
        return find_bucket(max(0, self.true_count(leaf.name, leaf.period)))


def can_be_put_right(leaf: Leaf, published: int, now: int) -> bool:
    """Whether a later edition states a leaf anew: only a count that was shown, and is shown again.

    Nought and a hidden count stay as published, and no count becomes one: who knows how much was taken off would then
    know the number itself. Shares stay as well.
    """
    return measure_of(leaf.name) != SHARES and min(published, now) > HIDDEN_BUCKET and published != now


def refuse_people(names: Iterable[str]) -> None:
    """Raise ValueError if a series is about people: those leave in buckets only."""
    if about_people := [name for name in names if measure_of(name) not in EXACT]:
        raise ValueError(f"{about_people} are about people, and leave in buckets only")
