"""Tiles: the things of the desk page, each with its number box, a hint, and the colour of its group."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.forms import BoundField
from django.utils.translation import gettext as _

from hub.desk.forms.visits import VisitForm
from hub.desk.screen_words import build_screen_words
from supplies.models import Category, Item

AMOUNTS = (1, 2, 5, 10, 20)

TONES = {
    "injecting": "plum",
    "preparing": "blue",
    "smoking-and-snorting": "marigold",
    "sharps-bins": "slate",
    "overdose-response": "poppy",
    "drug-checking": "teal",
    "safer-sex": "rose",
    "care-and-hygiene": "leaf",
    "food-and-drink": "clay",
    "cards-and-leaflets": "sky",
}
"""The colours of the groups a hub starts with. A group of its own takes the next one by its number."""


class Tile(NamedTuple):
    """One thing at the desk. `words` is what a search finds it by."""

    item: Item
    field: BoundField
    hint: str
    tone: str
    words: str


def build_desk_context(form: VisitForm, describe: Callable[[Item], str]) -> dict[str, Any]:
    """The part of the desk page that a device keeps, too: tiles, everything else on the shelf, and words."""
    return {
        "form": form,
        "tiles": _build_tiles(form, form.tiles, describe),
        "more": _build_tiles(form, form.more, describe),
        "amounts": AMOUNTS,
        "screen_words": build_screen_words(),
    }


def find_tone(category: Category) -> str:
    """The colour of a group: always the same, beside a picture and a name that say it too."""
    tones = list(TONES.values())
    return TONES.get(category.slug) or tones[category.pk % len(tones)]


def strip_accents(text: str) -> str:
    """The text as a search compares it: small letters, without accents."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def describe_visit(people: int, items: Iterable[tuple[int, str]]) -> str:
    """A visit in a few words: “1 person, 2 foil”."""
    said = [_("1 person") if people == 1 else _("%(n)d people") % {"n": people}]
    said += [_("%(n)d %(thing)s") % {"n": number, "thing": _lower_first(name)} for number, name in items]
    return ", ".join(said)


def _lower_first(name: str) -> str:
    return f"× {name}" if name[:1].isdigit() else name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _build_tiles(form: VisitForm, items: Iterable[Item], describe: Callable[[Item], str]) -> list[Tile]:
    return [
        Tile(item, form[f"item-{item.pk}"], describe(item), find_tone(item.category), _list_words(item))
        for item in items
    ]


def _list_words(item: Item) -> str:
    names = (item.desk_name, item.public_name, item.name, item.category.name, item.order_code, item.slug)
    return strip_accents(" ".join(dict.fromkeys(filter(None, names))))
