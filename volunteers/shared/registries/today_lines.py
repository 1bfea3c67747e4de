"""What needs somebody, and what is still to set up: the lines of Today, each with one button, gone when done.

An app registers its lines in the last lines of the module that knows them. One statement reads what all of them need.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from volunteers.models import User


@dataclass(frozen=True)
class TodayLine:
    """One thing to do: what it is, the page on which to do it, and how many there are of it.

    `who` says who can do it, where that may be somebody else. With `posts` the button sends a form to the address.
    """

    title: str
    address: str = ""
    label: str = ""
    words: str = ""
    who: str = ""
    more: str = ""
    posts: bool = False
    count: int = 1


FindRows: TypeAlias = Callable[["dt.datetime"], "QuerySet[Any, Any]"]
ReadLines: TypeAlias = Callable[["User", "dt.datetime", list[dict[str, Any]]], Iterable[TodayLine]]


@dataclass(frozen=True)
class TodaySource:
    """Where some lines come from: who reads them, how their rows are found, and how rows become lines."""

    permission: str
    read: ReadLines
    find: FindRows | None
    to_set_up: bool


_REGISTRY: dict[str, TodaySource] = {}


def register(
    kind: str, permission: str, read: ReadLines, find: FindRows | None = None, *, to_set_up: bool = False
) -> None:
    """Register lines for everybody with this permission; they are shown in the order in which they were registered.

    `find` gives one column of JSON, made by `asking.as_row`. Without it `read` gets no rows, and may ask by itself.
    """
    _REGISTRY[kind] = TodaySource(permission, read, find, to_set_up)


def list_lines(person: User, now: dt.datetime) -> tuple[list[TodayLine], list[TodayLine]]:
    """List what needs somebody and what is to set up, as far as this person may see to it; one statement for all."""
    sources = {kind: source for kind, source in _REGISTRY.items() if person.has_perm(source.permission)}
    rows = _find_rows(person, now, {kind: source.find for kind, source in sources.items() if source.find})
    lines: tuple[list[TodayLine], list[TodayLine]] = [], []
    for kind, source in sources.items():
        lines[source.to_set_up].extend(source.read(person, now, [json.loads(row) for row in rows.get(kind, ())]))
    return lines


def _find_rows(person: User, now: dt.datetime, finds: dict[str, FindRows]) -> dict[str, list[str]]:
    if not finds:
        return {}
    # Each kind is a column beside the one row that is certain to be there.
    columns = {f"rows_{kind}": ArraySubquery(find(now)) for kind, find in finds.items()}
    found = get_user_model()._default_manager.filter(pk=person.pk).values(**columns).first() or {}  # noqa: SLF001 -- Django's own public name for it
    return {kind: found.get(f"rows_{kind}", []) for kind in finds}
