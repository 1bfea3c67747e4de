"""Which columns point at a person: what of them is told to that person, and what erasing and merging do with them.

Registered in the last lines of the module of each model. The export, erasing and merging read it here; a test fails
for a column that points at a person and is not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.functional import Promise as Words

from volunteers.shared.registries.merging import Join


class Merge(Enum):
    """The treatment of rows when two records of one person are merged. A `Join` says more than one of these."""

    MOVE = "they become rows of the record that stays: a person may have as many as they like"
    BLANK = "they stay without a name: the database lets nobody sign them but who wrote them"
    STAY_APART = "the record that stays keeps its own, and the others go: who may do what, how somebody signs in"
    ERASE = "earlier states: they go with the record they are about"


@dataclass(frozen=True)
class PersonalData:
    """One or more columns of a model that point at a person.

    `part` names the part of the export that tells of them. With `counted_as` the export says how many rows there are,
    under these words, the lowest `order` first; without, the part tells of them in words of its own.
    """

    label: str
    columns: tuple[str, ...]
    part: str
    counted_as: str | Words
    order: int
    merge: Merge | Join

    @property
    def model(self) -> type[models.Model]:
        """The model; by its name, since tables of earlier states are made after their models."""
        return apps.get_model(self.label)

    @property
    def key(self) -> str:
        """The name of the row count in a query."""
        return "_".join([*self.label.lower().split("."), *self.columns, "count"])

    @property
    def names(self) -> list[str]:
        """Each of the columns, by app, model and field."""
        return [f"{self.label}.{column}" for column in self.columns]

    def rows_of(self, person: OuterRef) -> models.QuerySet[Any, Any]:
        """Rows in which any of the columns points at this person."""
        return self.model._default_manager.filter(Q(*((column, person) for column in self.columns), _connector=Q.OR))  # noqa: SLF001 -- Django's own public name for it

    def is_blanked(self, column: str) -> bool:
        """Whether erasing a person leaves the row, without their name; otherwise the row goes with them."""
        field: Any = self.model._meta.get_field(column)  # noqa: SLF001 -- the same
        return bool(field.remote_field.on_delete is models.SET_NULL)


_REGISTRY: list[PersonalData] = []


def hold(
    model: type[models.Model] | str,
    *columns: str,
    part: str,
    counted_as: str | Words = "",
    order: int = 100,
    merge: Merge | Join = Merge.MOVE,
) -> None:
    """Register columns that point at a person."""
    label = model if isinstance(model, str) else model._meta.label  # noqa: SLF001 -- the same
    _REGISTRY.append(PersonalData(label, columns, part, counted_as, order, merge))


def find_personal_data(*, part: str = "", counted: bool = False, merge: Merge | None = None) -> Iterator[PersonalData]:
    """Everything that is registered; of one part of the export, only counted, or merged in this way."""
    for entry in sorted(_REGISTRY, key=lambda entry: entry.order):
        wanted = (not part or entry.part == part) and (not counted or entry.counted_as)
        if wanted and (merge is None or entry.merge == merge):
            yield entry


def find_joins() -> list[tuple[PersonalData, Join]]:
    """Everything with a rule of what wins or adds up, in the turn the rules are followed."""
    joins = [(entry, entry.merge) for entry in _REGISTRY if isinstance(entry.merge, Join)]
    return sorted(joins, key=lambda join: (join[1].turn, join[0].label))
