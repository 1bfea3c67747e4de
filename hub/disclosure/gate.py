"""The one gate: every number about people that leaves the hub goes through `share`, and through nothing else.

One to seven is hidden, other counts are rounded to the nearest five, zero is zero. Percentages and costs are worked
out from what is shown, never from what is true. Things people took, told us of or were told count as people too: one
rare kit finds somebody as surely as one visit.

Then the gate attacks what it is about to let out, together with everything ever published (`attack`). While
somebody who has read all of it could narrow a hidden number down to fewer than three values, it hides the smallest
shown one that helps; if none does, or time runs out, it withholds the table and says so. Knows no database.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hub.core.periods import Period
from hub.disclosure import attack
from hub.disclosure.attack import Atom, AtomSum, KnownSum

MAX_HIDDEN = 7
"""The largest number that is never shown."""

STEP = 5
HIDDEN = "*"
SECONDS = 120.0
"""How long the gate attacks itself before it withholds what it has not finished with."""


class MonthNotCompleted(ValueError):
    """Somebody asked to show a month that is not complete."""


def round_count(number: int) -> int | None:
    """A true count about people as it may be shown; None where it is hidden."""
    if number < 0:
        raise ValueError("nobody counts fewer than none")
    if 1 <= number <= MAX_HIDDEN:
        return None
    return (number + STEP // 2) // STEP * STEP


def bounds_of_shown(shown: int | None) -> tuple[int, int]:
    """What somebody who reads a shown count knows of the true one: at least, at most."""
    if shown is None:
        return 1, MAX_HIDDEN
    if shown == 0:
        return 0, 0
    return max(shown - STEP // 2, MAX_HIDDEN + 1), shown + STEP // 2


@dataclass(frozen=True)
class PeopleCount:
    """A true number about people in one period, and what it adds up from."""

    value: int
    of: AtomSum
    period: Period


@dataclass(frozen=True)
class Percent:
    """One count as a part of another, in whole percent of what is shown of them."""

    part: PeopleCount
    whole: PeopleCount


@dataclass(frozen=True)
class ExactNumber:
    """A number or amount that is about things and not about people: it is shown as it is. None: not known."""

    value: int | Decimal | None


@dataclass(frozen=True)
class PerUnit:
    """So much for each: what a visit costs, how many visits an opening has. From what is shown of both."""

    much: PeopleCount | ExactNumber
    for_each: PeopleCount | ExactNumber
    places: int = 2


Cell = PeopleCount | Percent | PerUnit | ExactNumber


@dataclass(frozen=True)
class TrueTable:
    """True figures on their way out: rows of cells under the same heads. Never shown to anybody as it is."""

    slug: str
    rows: tuple[tuple[Cell, ...], ...]

    def counts(self) -> Iterator[PeopleCount]:
        """Every count it tells of, also inside a percentage."""
        for row in self.rows:
            for cell in row:
                match cell:
                    case PeopleCount():
                        yield cell
                    case Percent(part, whole):
                        yield from (part, whole)
                    case PerUnit(much, for_each):
                        yield from (one for one in (much, for_each) if isinstance(one, PeopleCount))


@dataclass(frozen=True)
class PublishedFact:
    """One count as an edition showed it: None where hidden. `value` was true then; only the gate ever sees it."""

    of: AtomSum
    shown: int | None
    value: int

    def known(self, now: int | None = None) -> KnownSum:
        """What its reader knows, `now` that the true number may have become another one.

        They are taken to know by how much it was corrected since, for it may have been about them, and to guess right
        wherever a star hides a small number. Of one hidden beside it they know only that it is not zero.
        """
        least, most = (1, None) if self.shown is None and self.value > MAX_HIDDEN else bounds_of_shown(self.shown)
        corrected = 0 if now is None else now - self.value
        return KnownSum(
            self.of, least + corrected, None if most is None else most + corrected, protected=self.shown is None
        )

    def as_json(self) -> list[Any]:
        """As `read` takes it."""
        return [[[name, f"{month}", times] for (name, month), times in self.of.parts], self.shown, self.value]

    @classmethod
    def read(cls, written: Sequence[Any]) -> PublishedFact:
        """From `as_json`."""
        parts, shown, value = written
        atoms = (((name, dt.date.fromisoformat(month)), times) for name, month, times in parts)
        return cls(AtomSum(tuple(atoms)), shown, value)


@dataclass(frozen=True)
class SharedTables:
    """What may leave: for each table its rows as they are shown, or None where it is withheld; and what that tells."""

    rows: Mapping[str, tuple[tuple[int | Decimal | str | None, ...], ...] | None]
    facts: tuple[PublishedFact, ...] = ()


def share(  # noqa: PLR0913 -- what is known to whom is said by name
    tables: Sequence[TrueTable],
    *,
    sealed: Iterable[dt.date],
    now: Mapping[Atom, int],
    published: Iterable[PublishedFact] = (),
    common: Iterable[KnownSum] = (),
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> SharedTables:
    """Turn true tables into ones that may be shown to anybody, beside everything that was `published` before.

    `now` is what each number that anything adds up from is today; `common` what everybody knows anyway, such as that
    no visit is fewer than one person. A month that is not `sealed` is refused.
    """
    _refuse_unsealed(tables, frozenset(sealed))
    until = time.monotonic() + seconds
    read = {fact.known(fact.of.value(now)): fact.value != fact.of.value(now) for fact in published}
    # What somebody believes and is wrong in gives nothing away.
    known = [*read, *(one for one in common if one.holds(now))]
    corrected = {one for one, has_changed in read.items() if has_changed}
    gate = _Gate(list(tables), _told_by_corrections(known, corrected, until), until, progress)
    gate.close()
    return SharedTables(
        {table.slug: gate.shown(table) if table in gate.tables else None for table in tables},
        tuple(
            PublishedFact(of, None if of in gate.hidden else round_count(value), value)
            for of, value in sorted(gate.values().items(), key=lambda known: known[0].parts)
        ),
    )


def _refuse_unsealed(tables: Iterable[TrueTable], sealed: frozenset[dt.date]) -> None:
    for table in tables:
        for count in table.counts():
            if not sealed.issuperset(count.period.months):
                raise MonthNotCompleted(f"{count.period} is not sealed")


def _told_by_corrections(known: list[KnownSum], corrected: set[KnownSum], until: float) -> list[KnownSum]:
    """The same; a number that a correction itself has told is protected no more, as nothing can help it.

    Whoever knows that seven were taken off a hidden number knows that it was seven.
    """
    told = {
        weak
        for group in attack.split_independent(known)
        if not corrected.isdisjoint(group)
        for weak in attack.find_weak(group, until)
    }
    if time.monotonic() >= until:
        return known
    return [replace(one, protected=False) if one in told else one for one in known]


@dataclass
class _Gate:
    """One closing of the gate: which tables still go out, and which of their sums are hidden."""

    tables: list[TrueTable]
    known: list[KnownSum]
    until: float
    progress: Callable[[int, int], None] | None
    hidden: set[AtomSum] = field(default_factory=set)
    safe: set[frozenset[KnownSum]] = field(default_factory=set)

    def values(self) -> dict[AtomSum, int]:
        """Every sum that still goes out, with its true value."""
        return {count.of: count.value for table in self.tables for count in table.counts()}

    def close(self) -> None:
        """Hide and withhold until no hidden number can be told."""
        self.hidden = {of for of, value in self.values().items() if round_count(value) is None}
        while beside := self._weak():
            find_weak = list(attack.find_weak(beside, self.until))
            # What helps one of them may be what another needs first: only where nothing helps any, a table stays here.
            if not any(self._hide_one(one, beside) for one in find_weak):
                self._withhold(find_weak[0], beside)

    def shown(self, table: TrueTable) -> tuple[tuple[int | Decimal | str | None, ...], ...]:
        """A table as it may be seen."""
        return tuple(tuple(self._cell(cell) for cell in row) for row in table.rows)

    def _cell(self, cell: Cell) -> int | Decimal | str | None:
        match cell:
            case ExactNumber(value):
                return value
            case PeopleCount():
                return HIDDEN if cell.of in self.hidden else round_count(cell.value)
            case Percent(part, whole):
                return _ratio(self._cell(part), self._cell(whole), times=100, places=0)
            case PerUnit(much, for_each, places):
                return _ratio(self._cell(much), self._cell(for_each), times=1, places=places)

    def _facts(self) -> list[KnownSum]:
        going_out = [
            PublishedFact(of, None if of in self.hidden else round_count(value), value).known()
            for of, value in self.values().items()
        ]
        return list(dict.fromkeys((*self.known, *going_out)))

    def _weak(self) -> list[KnownSum] | None:
        """Things known beside each other that tell a hidden number."""
        parts = attack.split_independent(self._facts())
        fresh = self.values().keys()
        for number, beside in enumerate(parts, start=1):
            if self.progress:
                self.progress(number, len(parts))
            as_one = frozenset(beside)
            # What was safe before stays so where nothing new is said of it.
            if as_one in self.safe or not any(known.of in fresh for known in beside):
                continue
            if next(attack.find_weak(beside, self.until), None):
                return beside
            self.safe.add(as_one)
        return None

    def _hide_one(self, find_weak: KnownSum, beside: list[KnownSum]) -> bool:
        """Hide the smallest number that makes this one harder to tell; False if none does."""
        fresh = self.values()
        # Zero stays zero, and what was shown before cannot be taken back.
        could = sorted(
            (known for known in beside if not known.protected and fresh.get(known.of) and known not in self.known),
            key=lambda known: (fresh[known.of], known.of.parts),
        )
        told = len(attack.possible_values(find_weak, beside, self.until))
        for known in could:
            if not self._in_time():
                return False
            less = [KnownSum(one.of, 1, None, protected=True) if one == known else one for one in beside]
            if len(attack.possible_values(find_weak, less, self.until)) > told:
                self.hidden.add(known.of)
                return True
        return False

    def _withhold(self, find_weak: KnownSum, beside: list[KnownSum]) -> None:
        """Let a table go no further: the one with the weak number if it is in one, else one that tells of it."""
        about = {known.of for known in beside}
        own = [table for table in self.tables if any(count.of == find_weak.of for count in table.counts())]
        near = [table for table in self.tables if any(count.of in about for count in table.counts())]
        self.tables.remove((own or near)[0])

    def _in_time(self) -> bool:
        return time.monotonic() < self.until


def _ratio(top: Any, bottom: Any, *, times: int, places: int) -> Decimal | str | None:
    if HIDDEN in (top, bottom):
        return HIDDEN
    # Of nothing there is no part, and of what is not known there is none either.
    if not bottom or top is None:
        return None
    ratio = Decimal(times) * Decimal(top) / Decimal(bottom)
    return ratio.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
