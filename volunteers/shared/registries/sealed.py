"""Every value that lies sealed in the database, and with which of our keys: so that a new key loses none of them.

Registered in the last lines of the module of each model. `manage.py seal_anew`, the hourly job, `check_invariants` and
erasing read it here; a test looks for sealed values that are not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from volunteers.shared.sealing import Age, find_age, seal, unseal

STEP = 100


@dataclass(frozen=True)
class SealedColumn:
    """A column with sealed text, or JSON with sealed texts under some of its keys.

    `what` is what a person calls it. Without `matters` nothing is lost with an unreadable value: it ends by itself.
    """

    model: type[models.Model]
    column: str
    purpose: str
    what: str
    keys: tuple[str, ...]
    matters: bool

    def rows(self) -> Iterator[tuple[Any, Any]]:
        """The key and the value of each row."""
        rows = self.model._default_manager.order_by("pk").values_list("pk", self.column)  # noqa: SLF001 -- Django's own public name for it
        yield from rows.iterator(chunk_size=STEP)

    def texts(self, value: Any) -> list[str]:
        """The sealed texts in a value."""
        found = [value] if not self.keys else [value[key] for key in self.keys if key in value]
        return [text for each in found for text in (each if isinstance(each, list) else [each])]

    def age(self, value: Any) -> Age:
        """The oldest key that one of its texts needs, or that we no longer have it."""
        ages = {find_age(text, purpose=self.purpose) for text in self.texts(value)}
        return next((age for age in (Age.LOST, Age.EARLIER) if age in ages), Age.CURRENT)

    def seal_anew(self, pk: Any, value: Any) -> bool:
        """Seal the texts of one row with the key of now, unless it was changed meanwhile; whether it was done."""
        anew = (
            value | {key: self._open_and_seal(value[key]) for key in self.keys if key in value}
            if self.keys
            else self._open_and_seal(value)
        )
        rows = self.model._default_manager.filter(pk=pk, **{self.column: value})  # noqa: SLF001 -- the same
        return bool(rows.update(**{self.column: anew}))

    def _open_and_seal(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._open_and_seal(text) for text in value]
        return seal(unseal(value, purpose=self.purpose), purpose=self.purpose)


_REGISTRY: list[SealedColumn] = []
_LEFT: dict[tuple[type[models.Model], str], str] = {}


def hold(  # noqa: PLR0913 -- each is said by name
    model: type[models.Model],
    column: str,
    *,
    purpose: str,
    what: str,
    keys: tuple[str, ...] = (),
    matters: bool = True,
) -> None:
    """Register a column whose values are sealed for this purpose."""
    _REGISTRY.append(SealedColumn(model, column, purpose, what, keys, matters))


def leave(model: type[models.Model], column: str, *, because: str) -> None:
    """Register a column whose sealed values need no care when the key changes."""
    _LEFT[model, column] = because


def find_sealed_columns() -> list[SealedColumn]:
    """Every registered column."""
    return list(_REGISTRY)


def knows(model: type[models.Model], column: str) -> bool:
    """Whether the sealed values of this column are registered."""
    return (model, column) in _LEFT or any((entry.model, entry.column) == (model, column) for entry in _REGISTRY)


def seal_anew() -> dict[SealedColumn, Counter[Age]]:
    """Seal everything anew that an earlier key sealed. Returns what there is afterwards; again is harmless."""
    found = {}
    for entry in _REGISTRY:
        ages: Counter[Age] = Counter()
        for pk, value in entry.rows():
            age = entry.age(value)
            ages[Age.CURRENT if age == Age.EARLIER and entry.seal_anew(pk, value) else age] += 1
        found[entry] = ages
    return found


def seal_row_anew(row: models.Model) -> None:
    """Seal this row anew if an earlier key sealed it: when it is used."""
    for entry in _REGISTRY:
        if isinstance(row, entry.model):
            row.refresh_from_db(fields=[entry.column])
            value = getattr(row, entry.column)
            if entry.age(value) == Age.EARLIER:
                entry.seal_anew(row.pk, value)


def find_lost() -> list[str]:
    """What nobody can read any more, in a person's words: the key that sealed it is not in the settings."""
    return [
        entry.what
        for entry in _REGISTRY
        if entry.matters and any(entry.age(value) == Age.LOST for _pk, value in entry.rows())
    ]
