"""What a desk sends: one visit, or the wish to undo one. Turns what arrived into something we can trust.

Knows no database. Everything it refuses, it refuses with a sentence for the person at the desk.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from hub.desk import question_types

MOST_PEOPLE = 20
MOST_OF_ONE_ITEM = 999
MOST_AT_ONCE = 25


class Unreadable(ValueError):
    """It is not a visit; the message is a sentence for the desk."""


@dataclass(frozen=True)
class Entry:
    """One visit as its device made it: a random id, the opening it belongs to, how many people, what they took.

    `items` maps an item's id to how many units; empty when nothing was taken. `void` undoes the visit of the same
    id and content, whichever of the two arrives first. A device that had no network when its desk was opened knows
    no opening: it says the evening instead. `said` holds answers to questions the hub has turned on.
    """

    id: uuid.UUID
    opening: int | None
    people: int
    items: Mapping[int, int]
    void: bool = False
    evening: dt.date | None = None
    said: question_types.Said = field(default_factory=dict)

    def undone(self) -> Entry:
        """The entry that undoes this one."""
        return replace(self, void=True)

    def as_json(self) -> dict[str, Any]:
        """As `read` takes it."""
        return {
            "id": str(self.id),
            "opening": self.opening,
            "people": self.people,
            "items": {str(item): quantity for item, quantity in self.items.items()},
            "void": self.void,
            "evening": self.evening.isoformat() if self.evening else None,
            "said": {question: list(answers) for question, answers in self.said.items()},
        }


def read_all(body: object) -> list[object]:
    """The raw visits of one request: `{"visits": [...]}` with at most `MOST_AT_ONCE` in it. Raises Unreadable."""
    raws = body.get("visits") if isinstance(body, dict) else None
    if not isinstance(raws, list) or not raws:
        raise Unreadable(_("That wasn't a visit. Nothing was changed."))
    if len(raws) > MOST_AT_ONCE:
        raise Unreadable(_("Too many visits at once. Send them in smaller lots; nothing was changed."))
    return raws


def read(raw: object) -> Entry:
    """One visit from decoded JSON. Raises Unreadable; what it returns is within every bound above."""
    if not isinstance(raw, dict):
        raise Unreadable(_("That wasn't a visit. Nothing was changed."))
    void = raw.get("void", False)
    if not isinstance(void, bool):
        raise Unreadable(_("That wasn't a visit. Nothing was changed."))
    opening = raw.get("opening")
    evening = _evening(raw.get("evening")) if opening is None else None
    return Entry(
        id=_id(raw.get("id")),
        opening=None if evening else _whole(opening, _("That visit doesn't say which opening it belongs to.")),
        people=_people(raw.get("people")),
        items=_items(raw.get("items", {})),
        void=void,
        evening=evening,
        said=_said(raw.get("said", {})),
    )


def _said(value: object) -> question_types.Said:
    said = question_types.read(value)
    if said is None:
        raise Unreadable(_("We couldn't read what was said. Nothing was changed."))
    return said


def _evening(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _id(value: object) -> uuid.UUID:
    try:
        found = uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    # Version 4 is random. The other kinds carry a clock time or a machine's address.
    if found is None or found.version != 4:  # noqa: PLR2004 -- the version's own name
        raise Unreadable(_("That visit has no number we can use. Nothing was changed."))
    return found


def _people(value: object) -> int:
    number = _whole(value, _("How many people? Choose a number."))
    if not 1 <= number <= MOST_PEOPLE:
        raise Unreadable(_("How many people? Choose a number from 1 to %(most)d.") % {"most": MOST_PEOPLE})
    return number


def _items(value: object) -> dict[int, int]:
    if not isinstance(value, dict):
        raise Unreadable(_("We couldn't read what was taken. Nothing was changed."))
    items = {}
    for key, quantity in value.items():
        if not (isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= len(str(2**63)) - 1):
            raise Unreadable(_("There is something in that visit we don't stock. Nothing was changed."))
        number = _whole(quantity, _("How many of each? Choose whole numbers."))
        if not 1 <= number <= MOST_OF_ONE_ITEM:
            raise Unreadable(_("How many of each? Choose a number from 1 to %(most)d.") % {"most": MOST_OF_ONE_ITEM})
        items[int(key)] = number
    return dict(sorted(items.items()))


def _whole(value: object, sentence: str) -> int:
    # JSON's true is an int to Python, and 10.0 a float: neither is a number somebody tapped.
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise Unreadable(sentence)
    return value
