"""What becomes of rows when two records of one person are merged, where both have one for the same thing.

A model in which a person may have only one row for something names its rule in its last lines, through
`personal_data.hold(…, merge=Join(…))`: what wins, or what adds up. A test fails for such a model without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import Model, QuerySet
    from django.utils.functional import Promise

Choice: TypeAlias = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class TwoRecords:
    """Two records of one person: the one that stays, the one that goes, and when they are merged."""

    stays: Any
    goes: Any
    now: dt.datetime


def keep_own(mine: Any, _theirs: Any) -> Any:
    """Choose the row of the record that stays."""
    return mine


@dataclass(frozen=True)
class Join:
    """The rule for one model: rows with equal values in `columns` are for the same thing.

    `choose` gets the row of the record that stays and the one of the record that goes, and returns the one to keep,
    with its values changed where they add up. Rules run by `turn`, the lowest first. `name` and `becomes` are read
    on the page before the merge.
    """

    columns: tuple[str, ...]
    name: str | Promise
    becomes: str | Promise
    turn: int
    choose: Choice = keep_own
    where: Q = field(default_factory=Q)

    def lock(self, records: TwoRecords) -> None:
        """Lock what everybody locks before people, who changes these rows."""

    def warn(self, records: TwoRecords) -> Iterator[str]:
        """List what else becomes of rows, in sentences. Nothing is changed."""
        del records
        return iter(())

    def prepare(self, records: TwoRecords) -> None:
        """Take out of the way what cannot be kept beside other rows."""

    def discard(self, row: Any, records: TwoRecords) -> None:
        """Delete the row that is not kept."""
        del records
        row.delete()

    def finish(self, records: TwoRecords) -> None:
        """Do what follows once all rows belong to the record that stays."""

    def count(self, model: type[Model], person: str, records: TwoRecords) -> tuple[Coalesce, Coalesce]:
        """Query how many rows the record that goes has, and how many of them the other has as well."""
        theirs = self._with_keys(model).filter(**{person: records.goes})
        keys = {key: OuterRef(key) for key in self._keys}
        own = self._with_keys(model).filter(self.where, **{person: records.stays}, **keys)
        return count_rows(theirs), count_rows(theirs.filter(self.where).filter(Exists(own)))

    def move(self, model: type[Model], person: str, records: TwoRecords) -> None:
        """Make all rows those of the record that stays, one for each thing."""
        rows = model._default_manager  # noqa: SLF001 -- Django's own public name for it
        own = {self._key(row): row for row in rows.filter(self.where, **{person: records.stays})}
        limited = set(rows.filter(self.where, **{person: records.goes}).values_list("pk", flat=True))
        for row in rows.filter(**{person: records.goes}).order_by("pk"):
            mine = own.get(self._key(row)) if row.pk in limited else None
            kept = self.choose(mine, row) if mine is not None else row
            if mine is not None:
                self.discard(row if kept is mine else mine, records)
            setattr(kept, person, records.stays)
            kept.save()

    @property
    def _keys(self) -> list[str]:
        return [f"key_{column}" for column in self.columns]

    def _with_keys(self, model: type[Model]) -> QuerySet[Any, Any]:
        """Rows with what they are for, an empty column as 0."""
        fields = {column: model._meta.get_field(column) for column in self.columns}  # noqa: SLF001 -- the same
        keys = {
            f"key_{column}": Coalesce(F(f"{column}_id"), Value(0)) if field.null else F(column)
            for column, field in fields.items()
        }
        rows: QuerySet[Any, Any] = model._default_manager.annotate(**keys)  # noqa: SLF001 -- the same
        return rows

    def _key(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, column) for column in self.columns)


def count_rows(rows: QuerySet[Any, Any]) -> Coalesce:
    """Count rows as one column of another statement."""
    counted = rows.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
