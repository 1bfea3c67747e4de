"""Buckets: the only form in which a count about people leaves, and the arithmetic on them.

A bucket is written as one number: 0 is nought, 1 is one to `MAX_HIDDEN`, every other is the nearest `STEP`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MAX_HIDDEN = 7
"""The largest count that is never shown. A constant, and not a setting: nobody can be talked into lowering it."""

STEP = 5
HIDDEN = "*"
HIDDEN_BUCKET = 1
"""The bucket of one to `MAX_HIDDEN`. Among shares it says that too few people answered."""

ANSWERED_AT_LEAST = 50
"""So many people answered a question before any share of its answers is shown."""

LOWEST_SHARE, HIGHEST_SHARE = 0, 100
"""The buckets of “under 10 %” and “over 90 %”."""


def find_bucket(count: int) -> int:
    """Return the bucket of a true count."""
    if count < 0:
        raise ValueError("nobody counts fewer than none")
    if count == 0:
        return 0
    return HIDDEN_BUCKET if count <= MAX_HIDDEN else (count + STEP // 2) // STEP * STEP


def bucket_bounds(bucket: int) -> tuple[int, int]:
    """Return the least and the most that a true count in a bucket can be."""
    if bucket == 0:
        return 0, 0
    if bucket == HIDDEN_BUCKET:
        return 1, MAX_HIDDEN
    return max(bucket - STEP // 2, MAX_HIDDEN + 1), bucket + STEP // 2


def find_share(part: int, whole: int) -> int:
    """Return the bucket of a share of answers, in tenths; the hidden one where too few people answered."""
    if whole < ANSWERED_AT_LEAST:
        return HIDDEN_BUCKET
    share = Fraction(part, whole)
    if share < Fraction(1, 10):
        return LOWEST_SHARE
    return HIGHEST_SHARE if share > Fraction(9, 10) else int(share * 10 + Fraction(1, 2)) * 10


Number = int | Decimal


@dataclass(frozen=True)
class Amount:
    """A number as it is shown, from `low` to `high`. A hidden bucket counts as 1 to 7, another as it stands."""

    low: Number
    high: Number

    @classmethod
    def of_bucket(cls, bucket: int) -> Amount:
        """Return the amount that a bucket counts as in a sum."""
        return cls(1, MAX_HIDDEN) if bucket == HIDDEN_BUCKET else cls(bucket, bucket)

    @classmethod
    def exact(cls, number: Number) -> Amount:
        """Return the amount of an exact number."""
        return cls(number, number)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.low + other.low, self.high + other.high)

    def times(self, factor: int) -> Amount:
        """Return so many of it; a negative factor turns it round."""
        ends = sorted((self.low * factor, self.high * factor))
        return Amount(*ends)

    def at_least_nought(self) -> Amount:
        """Return it without the part below nought, which only a difference of ranges can reach."""
        return Amount(max(self.low, 0), max(self.high, 0))

    def divide(self, other: Amount, *, places: int) -> Amount | None:
        """Return it divided by another, rounded; None where the other may be nought."""
        if other.low <= 0:
            return None
        return Amount(
            _round_ratio(self.low, other.high, places=places), _round_ratio(self.high, other.low, places=places)
        )

    def percent_beside(self, rest: Amount) -> Amount | None:
        """Return it as a percentage of itself and the rest together; None where there may be none of either."""
        if self.low + rest.low <= 0:
            return None
        return Amount(
            _round_ratio(self.low * 100, self.low + rest.high, places=0) if self.low else Decimal(0),
            _round_ratio(self.high * 100, self.high + rest.low, places=0) if self.high else Decimal(0),
        )

    @property
    def cell(self) -> Cell:
        """The form of it in a document: a number, a star, or the two ends of a range."""
        if (self.low, self.high) == (1, MAX_HIDDEN):
            return HIDDEN
        low, high = _plain(self.low), _plain(self.high)
        return low if self.low == self.high else [low, high]


Cell = int | str | list[int | str] | None
"""One cell of a document: a number, a decimal as text, a star, both ends of a range, or nothing known."""


def _plain(number: Number) -> int | str:
    return f"{number}" if isinstance(number, Decimal) else number


def _round_ratio(top: Number, bottom: Number, *, places: int) -> Decimal:
    return (Decimal(top) / Decimal(bottom)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
