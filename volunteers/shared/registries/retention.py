"""The retention of each table and the code that deletes its rows, declared once beside its model.

The timetable, `manage.py tidy`, `check_invariants`, the backups, the confidentiality page and the test of
`docs/what-we-hold.md` all read it here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils import timezone

type_of_model = type[Model]

BACKUP_DAYS = 7
"""The days a daily backup is kept."""
BACKUP_MONTHS = 12
"""The retention of a month's last backup: an erased person may still be in one until then."""

FOR_GOOD = "for good"
WITH_ACCOUNT = "while they have an account"
BOOKS = "as long as the books; who wrote it, while they have an account"


class Every(Enum):
    """The interval at which expired rows are deleted."""

    TEN_MINUTES = "every ten minutes"
    HOUR = "every hour"
    DAY = "every day"
    BACKUP = "at every backup"


class InBackups(Enum):
    """Whether a backup holds the rows of a table."""

    ALWAYS = "always"
    OPEN_DESK = "only in the one backup of a desk that is open"
    NEVER = "never"


@dataclass(frozen=True)
class Retention:
    """The retention of some models' rows: for a `length`, or `until` something happens.

    Some rows go `sooner`. `promise` names the line of the confidentiality page that speaks of them; without one they
    concern no person.
    """

    models: tuple[type_of_model, ...]
    length: dt.timedelta | relativedelta | None
    sooner: dt.timedelta | None
    until: str
    promise: str
    every: Every | None
    delete: Callable[[], object] | None
    overdue: Callable[[dt.datetime], QuerySet[Any, Any]] | None
    in_backups: InBackups

    def delete_overdue(self) -> None:
        """Delete what has had its time; some models also keep a sum of it."""
        if self.delete:
            self.delete()
        elif self.overdue:
            self.overdue(timezone.localtime()).delete()


_REGISTRY: list[Retention] = []


def keep(  # noqa: PLR0913 -- each is said by name
    *of: type_of_model,
    length: dt.timedelta | relativedelta | None = None,
    sooner: dt.timedelta | None = None,
    until: str = "",
    promise: str = "",
    every: Every | None = None,
    delete: Callable[[], object] | None = None,
    overdue: Callable[[dt.datetime], QuerySet[Any, Any]] | None = None,
    in_backups: InBackups = InBackups.ALWAYS,
) -> None:
    """Register how long these models are kept.

    `overdue` finds the rows that should be gone at a moment. They are deleted `every` so often, by `delete` if a
    plain deletion is not enough.
    """
    if not (length or until):
        raise ValueError(f"Say how long {of} is kept: a length, or until when.")
    if every and not (delete or overdue):
        raise ValueError(f"Say what deletes {of}.")
    _REGISTRY.append(Retention(of, length, sooner, until, promise, every, delete, overdue, in_backups))


def find_retention(model: type_of_model) -> Retention | None:
    """The entry of a model, or of what it inherits from: one line speaks for all tables of earlier states."""
    for each in model.__mro__:
        for entry in _REGISTRY:
            if each in entry.models:
                return entry
    return None


def length_of(model: type_of_model) -> dt.timedelta:
    """The longest retention of this model's rows; only for models kept for days or hours."""
    return _a_timedelta(model, "length")


def sooner_of(model: type_of_model) -> dt.timedelta:
    """After how long some rows of this model go, where others stay longer."""
    return _a_timedelta(model, "sooner")


def _a_timedelta(model: type_of_model, name: str) -> dt.timedelta:
    length = getattr(find_retention(model), name, None)
    if isinstance(length, dt.timedelta):
        return length
    raise LookupError(f"The retention of {model.__name__} has no {name} in days.")


def delete_overdue(*every: Every) -> None:
    """Delete all that has had its time, or what is deleted so often. Harmless at any time, and again.

    One that fails does not keep the others: all are tried, and then the failures are raised together.
    """
    failures = []
    for entry in _REGISTRY:
        if entry.every and (not every or entry.every in every):
            try:
                entry.delete_overdue()
            except Exception as failure:  # noqa: BLE001 -- raised below, after the others had their turn
                failures.append(failure)
    if failures:
        raise ExceptionGroup("Some of what is due could not be deleted.", failures)


def find_overdue(now: dt.datetime) -> list[Retention]:
    """Entries with rows that should have been deleted by this moment."""
    return [entry for entry in _REGISTRY if entry.overdue and entry.overdue(now).exists()]


def is_overdue(model: type_of_model, now: dt.datetime) -> bool:
    """Whether rows of this model should have been deleted by this moment."""
    entry = find_retention(model)
    return bool(entry and entry.overdue and entry.overdue(now).exists())


def find_tables(*, promise: str = "", in_backups: InBackups | None = None) -> list[str]:
    """Names of the tables that a line of the confidentiality page speaks of, or that backups treat like this."""
    tables = {
        model._meta.db_table  # noqa: SLF001 -- Django's own public name for it
        for model in _all_models()
        if (entry := find_retention(model))
        and (not promise or entry.promise == promise)
        and (not in_backups or entry.in_backups == in_backups)
    }
    return sorted(tables)


def _all_models() -> Iterator[type_of_model]:
    yield from apps.get_models(include_auto_created=True)
    # Django's own table of migrations is a model that no app lists.
    yield from (model for entry in _REGISTRY for model in entry.models if not model._meta.abstract)  # noqa: SLF001 -- the same
