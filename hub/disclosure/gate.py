"""Disclosure gate: `share` turns true tables about people into tables that anybody may see.

Every number about people leaves the hub through `share` only. A count from one to seven is hidden, a larger one is
rounded to the nearest five, and zero stays zero. Percentages and costs are computed from the shown numbers, never
from the true ones. Items, reports and training count as people too: one rare kit identifies a person like one visit.

The gate then attacks the new tables together with every table published before (`attack`). While a reader has fewer
than three possible values for a hidden number, the gate hides the smallest shown number that helps. If none helps, or
the time runs out, it withholds the whole table. Knows no database.
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
"""The largest number that is never shown. Published facts do not store it: changing it misreads older editions."""

STEP = 5
HIDDEN = "*"
SECONDS = 120.0
"""The time limit of the attack. A table that is not checked by then is withheld."""


class MonthNotCompleted(ValueError):
    """A table covers a month that is not complete."""


def round_count(number: int) -> int | None:
    """The shown form of a true count about people; None where it is hidden."""
    if number < 0:
        raise ValueError("nobody counts fewer than none")
    if 1 <= number <= MAX_HIDDEN:
        return None
    return (number + STEP // 2) // STEP * STEP


def bounds_of_shown(shown: int | None) -> tuple[int, int]:
    """The least and the most a true count can be, for a reader of the shown one."""
    if shown is None:
        return 1, MAX_HIDDEN
    if shown == 0:
        return 0, 0
    return max(shown - STEP // 2, MAX_HIDDEN + 1), shown + STEP // 2


@dataclass(frozen=True)
class PeopleCount:
    """A true count about people in one period, and the atoms it is the sum of."""

    value: int
    of: AtomSum
    period: Period


@dataclass(frozen=True)
class Percent:
    """One count as a whole percentage of another, both as shown."""

    part: PeopleCount
    whole: PeopleCount


@dataclass(frozen=True)
class ExactNumber:
    """A number or amount about things, shown without rounding. None is unknown."""

    value: int | Decimal | None


@dataclass(frozen=True)
class PerUnit:
    """One number divided by another, both as shown, such as the cost of a visit."""

    much: PeopleCount | ExactNumber
    for_each: PeopleCount | ExactNumber
    places: int = 2


Cell = PeopleCount | Percent | PerUnit | ExactNumber


@dataclass(frozen=True)
class TrueTable:
    """A table of true figures, before the gate. Never shown to anybody."""

    slug: str
    rows: tuple[tuple[Cell, ...], ...]

    def counts(self) -> Iterator[PeopleCount]:
        """Every count in the table, also those inside a percentage or a ratio."""
        for row in self.rows:
            for cell in row:
                match cell:
                    case PeopleCount():
                        yield cell
                    case Percent(part, whole):
                        yield from (part, whole)
                    case PerUnit(much, for_each):
                        yield from (number for number in (much, for_each) if isinstance(number, PeopleCount))


@dataclass(frozen=True)
class PublishedFact:
    """One count as an edition showed it, None where hidden. Only the gate reads the true `value`."""

    of: AtomSum
    shown: int | None
    value: int

    def known(self, now: int | None = None) -> KnownSum:
        """The bounds that a reader knows, shifted by the correction since if the true number is another one `now`.

        We assume the worst reader. They know the size of each correction, which may have been about them. They guess
        which stars hide a number up to seven. Of other hidden numbers they know only that they are not zero.
        """
        least, most = (1, None) if self.shown is None and self.value > MAX_HIDDEN else bounds_of_shown(self.shown)
        corrected = 0 if now is None else now - self.value
        return KnownSum(
            self.of, least + corrected, None if most is None else most + corrected, protected=self.shown is None
        )

    def as_json(self) -> list[Any]:
        """The fact as JSON, for `read`."""
        return [[[name, f"{month}", factor] for (name, month), factor in self.of.parts], self.shown, self.value]

    @classmethod
    def read(cls, written: Sequence[Any]) -> PublishedFact:
        """The fact from its JSON."""
        parts, shown, value = written
        atoms = (((name, dt.date.fromisoformat(month)), factor) for name, month, factor in parts)
        return cls(AtomSum(tuple(atoms)), shown, value)


@dataclass(frozen=True)
class SharedTables:
    """The tables as they may be shown, None where withheld, and the facts that they publish."""

    rows: Mapping[str, tuple[tuple[int | Decimal | str | None, ...], ...] | None]
    facts: tuple[PublishedFact, ...] = ()


def share(  # noqa: PLR0913 -- all but the tables are named by the caller
    tables: Sequence[TrueTable],
    *,
    completed: Iterable[dt.date],
    now: Mapping[Atom, int],
    published: Iterable[PublishedFact] = (),
    common: Iterable[KnownSum] = (),
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> SharedTables:
    """Turn true tables into tables that are safe beside every fact `published` before.

    `now` holds the true atoms of today. `common` are constraints that everybody knows, such as at least one person to
    a visit. A month that is not `completed` raises MonthNotCompleted.
    """
    _refuse_incomplete(tables, frozenset(completed))
    deadline = time.monotonic() + seconds
    changed = {fact.known(fact.of.value(now)): fact.value != fact.of.value(now) for fact in published}
    # A wrong belief discloses nothing.
    constraints = [*changed, *(known for known in common if known.holds(now))]
    corrected = {known for known, has_changed in changed.items() if has_changed}
    gate = _Gate(list(tables), _unprotect_disclosed(constraints, corrected, deadline), deadline, progress)
    gate.close()
    return SharedTables(
        {table.slug: gate.shown(table) if table in gate.tables else None for table in tables},
        tuple(
            PublishedFact(of, None if of in gate.hidden else round_count(value), value)
            for of, value in sorted(gate.values().items(), key=lambda item: item[0].parts)
        ),
    )


def _refuse_incomplete(tables: Iterable[TrueTable], completed: frozenset[dt.date]) -> None:
    for table in tables:
        for count in table.counts():
            if not completed.issuperset(count.period.months):
                raise MonthNotCompleted(f"{count.period} is not complete")


def _unprotect_disclosed(constraints: list[KnownSum], corrected: set[KnownSum], deadline: float) -> list[KnownSum]:
    """End the protection of numbers that a correction itself has disclosed, as nothing can hide them again.

    A reader who knows that seven were taken off a hidden number knows that it was seven.
    """
    disclosed = {
        weak
        for group in attack.split_independent(constraints)
        if not corrected.isdisjoint(group)
        for weak in attack.find_weak(group, deadline)
    }
    if time.monotonic() >= deadline:
        return constraints
    return [replace(known, protected=False) if known in disclosed else known for known in constraints]


@dataclass
class _Gate:
    """One run of the gate: the tables that are still shared, and the sums hidden in them."""

    tables: list[TrueTable]
    constraints: list[KnownSum]
    deadline: float
    progress: Callable[[int, int], None] | None
    hidden: set[AtomSum] = field(default_factory=set)
    safe: set[frozenset[KnownSum]] = field(default_factory=set)

    def values(self) -> dict[AtomSum, int]:
        """Every sum that is still shared, with its true value."""
        return {count.of: count.value for table in self.tables for count in table.counts()}

    def close(self) -> None:
        """Hide numbers and withhold tables until every hidden number is safe."""
        self.hidden = {of for of, value in self.values().items() if round_count(value) is None}
        while group := self._find_weak_group():
            weak_sums = list(attack.find_weak(group, self.deadline))
            # A table is withheld only if no number helps any weak sum: hiding for one sum may help the others.
            if not any(self._hide_one(weak, group) for weak in weak_sums):
                self._withhold(weak_sums[0], group)

    def shown(self, table: TrueTable) -> tuple[tuple[int | Decimal | str | None, ...], ...]:
        """The rows of a table as they may be shown."""
        return tuple(tuple(self._cell(cell) for cell in row) for row in table.rows)

    def _cell(self, cell: Cell) -> int | Decimal | str | None:
        match cell:
            case ExactNumber(value):
                return value
            case PeopleCount():
                return HIDDEN if cell.of in self.hidden else round_count(cell.value)
            case Percent(part, whole):
                return _compute_ratio(self._cell(part), self._cell(whole), factor=100, places=0)
            case PerUnit(much, for_each, places):
                return _compute_ratio(self._cell(much), self._cell(for_each), factor=1, places=places)

    def _all_constraints(self) -> list[KnownSum]:
        new = [
            PublishedFact(of, None if of in self.hidden else round_count(value), value).known()
            for of, value in self.values().items()
        ]
        return list(dict.fromkeys((*self.constraints, *new)))

    def _find_weak_group(self) -> list[KnownSum] | None:
        """The first group of constraints in which a hidden number is weak."""
        groups = attack.split_independent(self._all_constraints())
        shared = self.values().keys()
        for number, group in enumerate(groups, start=1):
            if self.progress:
                self.progress(number, len(groups))
            key = frozenset(group)
            # A group without new numbers is as safe as before.
            if key in self.safe or not any(known.of in shared for known in group):
                continue
            if next(attack.find_weak(group, self.deadline), None):
                return group
            self.safe.add(key)
        return None

    def _hide_one(self, weak: KnownSum, group: list[KnownSum]) -> bool:
        """Hide the smallest shown number that leaves the weak sum more possible values; False if none does."""
        shared = self.values()
        # Zero is never hidden, and a number shown in an earlier edition cannot be taken back.
        candidates = sorted(
            (
                known
                for known in group
                if not known.protected and shared.get(known.of) and known not in self.constraints
            ),
            key=lambda known: (shared[known.of], known.of.parts),
        )
        before = len(attack.possible_values(weak, group, self.deadline))
        for candidate in candidates:
            if not self._in_time():
                return False
            hidden = KnownSum(candidate.of, 1, None, protected=True)
            without = [hidden if known == candidate else known for known in group]
            if len(attack.possible_values(weak, without, self.deadline)) > before:
                self.hidden.add(candidate.of)
                return True
        return False

    def _withhold(self, weak: KnownSum, group: list[KnownSum]) -> None:
        """Withhold a table: the one with the weak sum, or else one that shares a sum with its group."""
        sums = {known.of for known in group}
        own = [table for table in self.tables if any(count.of == weak.of for count in table.counts())]
        near = [table for table in self.tables if any(count.of in sums for count in table.counts())]
        self.tables.remove((own or near)[0])

    def _in_time(self) -> bool:
        return time.monotonic() < self.deadline


def _compute_ratio(top: Any, bottom: Any, *, factor: int, places: int) -> Decimal | str | None:
    if HIDDEN in (top, bottom):
        return HIDDEN
    # Zero has no parts, and an unknown number has none either.
    if not bottom or top is None:
        return None
    ratio = Decimal(factor) * Decimal(top) / Decimal(bottom)
    return ratio.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
