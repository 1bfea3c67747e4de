"""What a person is asked and has not answered: a swap, cover, a place, when they can; a place that is held for them.

Whatever asks people registers here, in the last lines of the module of its model. All of it is read in the statement
that every page reads its person with, so that the bar can say how much waits, and Today what.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import TextField
from django.db.models.functions import Cast, JSONObject

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Ask:
    """One thing somebody is asked: what for, until when, and the page on which to answer."""

    title: str
    words: str
    until: str
    address: str
    label: str


Rows: TypeAlias = Callable[[dt.datetime], "QuerySet[Any, Any]"]
Read: TypeAlias = Callable[[dict[str, Any]], Ask]
_REGISTRY: dict[str, tuple[Rows, Read]] = {}


def register(kind: str, rows: Rows, read: Read) -> None:
    """Register how rows about the person of the query around are found, each as JSON, and how one is put in words."""
    _REGISTRY[kind] = (rows, read)


def find_rows(now: dt.datetime) -> dict[str, QuerySet[Any, Any]]:
    """The queries of all kinds, under the names they have as columns."""
    return {f"asked_{kind}": rows(now) for kind, (rows, _read) in _REGISTRY.items()}


def count_asks(person: Any) -> int:
    """Count what they are asked, from a person read `with_asks`; 0 for one read otherwise."""
    return sum(len(getattr(person, f"asked_{kind}", None) or ()) for kind in _REGISTRY)


def list_asks(person: Any) -> list[Ask]:
    """List what they are asked, in words, kind by kind, each in the order of its query."""
    asked = [(read, getattr(person, f"asked_{kind}", None) or ()) for kind, (_rows, read) in _REGISTRY.items()]
    return [read(json.loads(row)) for read, rows in asked for row in rows]


def as_row(**fields: Any) -> Cast:
    """Make one column of all that is said about an ask: JSON, as text, since SQL that is kept converts nothing."""
    return Cast(JSONObject(**fields), TextField())


def read_moment(written: str) -> dt.datetime:
    """Read a moment out of a row."""
    return dt.datetime.fromisoformat(written)
