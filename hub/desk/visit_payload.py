"""Visit payloads: one visit, or its undoing, as a device sends it. Reads and checks them. Knows no database.

Whatever it refuses, it refuses with a sentence for the person at the desk.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from hub.desk import question_types
from hub.desk.exceptions import InvalidPayload

MAX_PEOPLE = 20
MAX_OF_ONE_ITEM = 999
MAX_AT_ONCE = 25


@dataclass(frozen=True)
class VisitPayload:
    """One visit as its device made it: a random id, the opening it belongs to, how many people, and their items.

    `items` maps an item's id to how many units; empty when nothing was taken. `void` undoes the visit with this id
    and content, whichever of the two arrives first. A device that had no network when its desk was opened knows
    no opening: it sends the evening instead. `answers` are to questions the hub has turned on (`said` in JSON).
    """

    id: uuid.UUID
    opening: int | None
    people: int
    items: Mapping[int, int]
    void: bool = False
    evening: dt.date | None = None
    answers: question_types.Answers = field(default_factory=dict)

    def as_void(self) -> VisitPayload:
        """The payload that undoes this one."""
        return replace(self, void=True)

    def as_json(self) -> dict[str, Any]:
        """Itself as JSON, which `read_visit` reads."""
        return {
            "id": str(self.id),
            "opening": self.opening,
            "people": self.people,
            "items": {str(item): quantity for item, quantity in self.items.items()},
            "void": self.void,
            "evening": self.evening.isoformat() if self.evening else None,
            "said": self.answers_as_json(),
        }

    def answers_as_json(self) -> dict[str, list[str]]:
        """Its answers as JSON, and as a visit keeps them."""
        return {question: list(answers) for question, answers in self.answers.items()}


def read_visits(body: object) -> list[object]:
    """Raw visits of one request: `{"visits": [...]}` with at most `MAX_AT_ONCE` in it. Raises InvalidPayload."""
    raws = body.get("visits") if isinstance(body, dict) else None
    if not isinstance(raws, list) or not raws:
        raise InvalidPayload(_("We could not read that visit. Nothing was changed."))
    if len(raws) > MAX_AT_ONCE:
        raise InvalidPayload(_("You sent too many visits at once. Send fewer at a time. Nothing was changed."))
    return raws


def read_visit(raw: object) -> VisitPayload:
    """One visit from decoded JSON, within every bound above. Raises InvalidPayload."""
    if not isinstance(raw, dict):
        raise InvalidPayload(_("We could not read that visit. Nothing was changed."))
    void = raw.get("void", False)
    if not isinstance(void, bool):
        raise InvalidPayload(_("We could not read that visit. Nothing was changed."))
    opening = raw.get("opening")
    evening = _read_evening(raw.get("evening")) if opening is None else None
    return VisitPayload(
        id=_read_id(raw.get("id")),
        opening=None if evening else _read_whole(opening, _("We do not know which opening that visit belongs to.")),
        people=_read_people(raw.get("people")),
        items=_read_items(raw.get("items", {})),
        void=void,
        evening=evening,
        answers=_read_answers(raw.get("said", {})),
    )


def _read_answers(value: object) -> question_types.Answers:
    answers = question_types.read_answers(value)
    if answers is None:
        raise InvalidPayload(_("We could not read the answers. Nothing was changed."))
    return answers


def _read_evening(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _read_id(value: object) -> uuid.UUID:
    try:
        id_ = uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        id_ = None
    # Version 4 is random. The other kinds carry a clock time or a machine's address.
    if id_ is None or id_.version != 4:  # noqa: PLR2004 -- the version's own name
        raise InvalidPayload(_("That visit has no number that we can use. Nothing was changed."))
    return id_


def _read_people(value: object) -> int:
    number = _read_whole(value, _("How many people? Choose a number."))
    if not 1 <= number <= MAX_PEOPLE:
        raise InvalidPayload(_("How many people? Choose a number from 1 to %(most)d.") % {"most": MAX_PEOPLE})
    return number


def _read_items(value: object) -> dict[int, int]:
    if not isinstance(value, dict):
        raise InvalidPayload(_("We could not read what they took. Nothing was changed."))
    items = {}
    for key, quantity in value.items():
        if not (isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= len(str(2**63)) - 1):
            raise InvalidPayload(_("That visit has something that we do not stock. Nothing was changed."))
        number = _read_whole(quantity, _("How many of each? Choose whole numbers."))
        if not 1 <= number <= MAX_OF_ONE_ITEM:
            raise InvalidPayload(_("How many of each? Choose a number from 1 to %(most)d.") % {"most": MAX_OF_ONE_ITEM})
        items[int(key)] = number
    return dict(sorted(items.items()))


def _read_whole(value: object, sentence: str) -> int:
    # JSON's true is an int to Python, and 10.0 a float: neither is a number somebody tapped.
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise InvalidPayload(sentence)
    return value
