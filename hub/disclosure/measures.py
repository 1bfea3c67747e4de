"""Measures about people: the grain of each, and where it is left out because public numbers beside it would tell.

The grain is how long a period one number covers. People choose it from what is counted, never from how much there was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

from hub.core.periods import Period, Span
from hub.disclosure.buckets import ANSWERED_AT_LEAST, HIDDEN_BUCKET, MAX_HIDDEN, bucket_bounds

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

POSSIBLE_VALUES = 3
"""A hidden number keeps at least so many possible values, whatever stands beside it."""

VISITS = "visits:"
HELD = "held:"
"""Evenings the desk was open. Their number does not tell whether anybody came."""
SHIFTS, ROOM = "shifts:", "room:"

BUILDING = frozenset({"held", "not_recorded", "cancelled", "shifts", "sessions", "room"})
MONEY = frozenset({"spent", "came_in", "spent_before", "came_in_before"})
EXACT = BUILDING | MONEY
"""Measures of the building and of money. They are no leaves, and say nothing of visits."""


class PublicNumbers(Protocol):
    """Numbers that everybody may know: buckets, and exact numbers about the building."""

    def buckets_within(self, name: str, period: Period) -> list[tuple[Period, int]] | None:
        """Return the leaves of a series that fill a period, with their buckets; None if they do not fill it."""

    def exact(self, names: Iterable[str], period: Period) -> int:
        """Return the sum of exact numbers over a period."""


@dataclass(frozen=True)
class LeafMeasure:
    """One kind of count about people, published by `grain` unless a coordinator chose another.

    `follows` has it take the grain of another. `is_open` says from public numbers alone whether it is published: its
    own count is never asked, so that nothing can be read from its absence.
    """

    slug: str
    label: StrOrPromise
    why: StrOrPromise
    grain: Span
    choices: tuple[Span, ...] = (Span.MONTH, Span.QUARTER, Span.YEAR)
    follows: str = ""
    by_item: bool = False
    is_open: Callable[[PublicNumbers, Period], bool] = lambda _public, _period: True


def has_visible_visits(public: PublicNumbers, period: Period) -> bool:
    """Whether no number of visits in the period is hidden: a visit is at least one person, and rarely twenty."""
    visits = public.buckets_within(VISITS, period)
    return visits is not None and all(bucket != HIDDEN_BUCKET for _period, bucket in visits)


def has_open_evenings(public: PublicNumbers, period: Period) -> bool:
    """Whether evenings nobody came to may be told: the evenings held and the visits leave it three values or more.

    An evening somebody came to has a visit, and a month with visits has such an evening.
    """
    visits = public.buckets_within(VISITS, period)
    if visits is None:
        return False
    least = most = 0
    for part, bucket in visits:
        held = public.exact([HELD], part)
        if held and bucket == HIDDEN_BUCKET:
            return False
        fewest, highest = bucket_bounds(bucket)
        least += max(0, held - highest)
        most += held - min(held, 1 if fewest else 0)
    return most == 0 or least > MAX_HIDDEN or min(most, MAX_HIDDEN) - max(least, 1) + 1 >= POSSIBLE_VALUES


def has_enough_visits(public: PublicNumbers, period: Period) -> bool:
    """Whether so many visits are known that “enough people answered” tells nothing new of a hidden month."""
    visits = public.buckets_within(VISITS, period)
    return visits is not None and sum(bucket_bounds(bucket)[0] for _period, bucket in visits) >= ANSWERED_AT_LEAST


def has_several(name: str, least: int) -> Callable[[PublicNumbers, Period], bool]:
    """Whether an exact number that bounds the count from above is nought, or large enough to bound nothing."""

    def has_enough(public: PublicNumbers, period: Period) -> bool:
        number = public.exact([name], period)
        return number == 0 or number >= least

    return has_enough


COARSE = (Span.QUARTER, Span.YEAR)

MEASURES: dict[str, LeafMeasure] = {
    measure.slug: measure
    for measure in (
        LeafMeasure(
            "visits",
            _("Visits"),
            _("There are many in a month, and the number tells nothing about one visit. We show it by the month."),
            Span.MONTH,
        ),
        LeafMeasure(
            "people",
            _("People on these visits"),
            _("Shown with the visits they came on. Hidden where the visits are hidden."),
            Span.MONTH,
            follows="visits",
            is_open=has_visible_visits,
        ),
        LeafMeasure(
            "openings_empty",
            _("Openings nobody came to"),
            _(
                "Next to the number of evenings, this could show how few visits there were. We show it by the year "
                "only."
            ),
            Span.YEAR,
            choices=(Span.YEAR,),
            is_open=has_open_evenings,
        ),
        LeafMeasure("given", _("What went out"), _("Each item has its own setting below."), Span.MONTH, by_item=True),
        LeafMeasure("wasted", _("Wasted"), _("By the setting of each item, below."), Span.MONTH, by_item=True),
        LeafMeasure(
            "bins",
            _("Sharps bins returned"),
            _("People may remember who brought a big bin. We show it by the quarter."),
            Span.QUARTER,
        ),
        LeafMeasure(
            "naloxone",
            _("Naloxone kits, first and again"),
            _("A second kit can mean that somebody used the first. We show it by the quarter."),
            Span.QUARTER,
            by_item=True,
        ),
        LeafMeasure(
            "reversals",
            _("Overdoses reversed"),
            _(
                "These are rare, and people talk about them. People who were there could know which one it was. We "
                "show it by the quarter."
            ),
            Span.QUARTER,
        ),
        LeafMeasure(
            "strips",
            _("Results of test strips"),
            _("A rare result can show who bought it. We show it by the quarter."),
            Span.QUARTER,
        ),
        LeafMeasure(
            "said",
            _("Answers at the desk"),
            _("We show shares only, and one month has too few answers. We show it by the quarter."),
            Span.QUARTER,
            choices=COARSE,
            is_open=has_enough_visits,
        ),
        LeafMeasure(
            "out",
            _("Asked for, and we had run out"),
            _("One person may ask for the same thing every week. We show it by the quarter."),
            Span.QUARTER,
            by_item=True,
        ),
        LeafMeasure(
            "not_stocked",
            _("Asked for, and we do not stock it"),
            _("Often one person wants what we do not stock. We show it by the quarter."),
            Span.QUARTER,
            by_item=True,
        ),
        LeafMeasure(
            "law",
            _("Asked for, but not allowed by law"),
            _("One person’s request could show who they are. We show it by the quarter."),
            Span.QUARTER,
            by_item=True,
        ),
        LeafMeasure(
            "hours",
            _("Hours volunteers gave"),
            _("We keep hours by the quarter only. A quarter with few shifts shows none."),
            Span.QUARTER,
            choices=COARSE,
            is_open=has_several(SHIFTS, MAX_HIDDEN + 1),
        ),
        LeafMeasure(
            "short",
            _("People missing on shifts"),
            _("A single gap could show whose it was. We show it by the quarter."),
            Span.QUARTER,
        ),
        LeafMeasure(
            "shifts_short",
            _("Shifts with too few people"),
            _("Shown with the number of people missing. Hidden where there were very few shifts."),
            Span.QUARTER,
            follows="short",
            is_open=has_several(SHIFTS, POSSIBLE_VALUES),
        ),
        LeafMeasure(
            "came",
            _("Visits to School sessions"),
            _("There are few sessions, and their days are public. We show it by the quarter."),
            Span.QUARTER,
            is_open=has_several(ROOM, POSSIBLE_VALUES),
        ),
        LeafMeasure(
            "finished",
            _("Courses completed"),
            _("Few people finish in one month, and others know who did. We show it by the quarter."),
            Span.QUARTER,
        ),
    )
}
SHARES = "said"
"""The one measure that is published as shares of a whole."""


def measure_of(name: str) -> str:
    """Return the measure of a series from its name."""
    return name.partition(":")[0]
