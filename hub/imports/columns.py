"""Columns of a list: how they are called, how a cell is read, and which column of a file is which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub.imports.limits import UnreadableFile
from volunteers.shared.name_queries import NameFormField
from volunteers.shared.names import fold_name

Read = Callable[[str], Any]
EXTRA = "…"
"""The name of a cell that stands under no heading."""
LINES_BEFORE_HEADINGS = 20
YES, NO = ("yes", "y", "true", "x", "✓", "1"), ("no", "n", "false", "0", "-", "–")


@dataclass(frozen=True)
class Column:
    """A column: `also` are other headings that people give it, `example` is what the template shows."""

    name: str
    label: str | Promise
    read: Read
    example: str | Promise = ""
    about: str | Promise = ""
    required: bool = False
    also: Sequence[str] = ()

    @property
    def headings(self) -> set[str]:
        """Everything the column may be called, as people read it: in the language of the page, and in English."""
        with override("en-gb"):
            english = str(self.label)
        return {fold_heading(text) for text in (str(self.label), english, self.name, *self.also)}


@dataclass(frozen=True)
class Header:
    """The headings of a file: its line, which column stands where, and the headings that nobody reads."""

    line: int
    places: dict[int, Column]
    unread: list[str]
    width: int

    def pick(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a line by the names of their columns; what is empty is left out."""
        return {self.places[n].name: cell for n, cell in enumerate(cells) if n in self.places and cell}


def fold_heading(text: str) -> str:
    """A heading without the marks that people put behind it."""
    return fold_name(text).strip(" *:.?")


def find_header(table: Iterable[tuple[int, list[str]]], columns: Sequence[Column]) -> Header:
    """The headings: the first line that names what has to be named. Raises UnreadableFile."""
    names = {heading: column for column in columns for heading in column.headings}
    best: Header | None = None
    for number, cells in list(table)[:LINES_BEFORE_HEADINGS]:
        header = _read_header(number, cells, names)
        if all(column in header.places.values() for column in columns if column.required):
            return header
        if best is None or len(header.places) > len(best.places):
            best = header
    found = best.places.values() if best else ()
    missing = [str(column.label) for column in columns if column.required and column not in found]
    raise UnreadableFile(
        _("We do not find these columns: %(columns)s. The first line of the table has to name its columns.")
        % {"columns": ", ".join(missing)}
    )


def _read_header(number: int, cells: Sequence[str], names: dict[str, Column]) -> Header:
    places: dict[int, Column] = {}
    unread = []
    for place, cell in enumerate(cells):
        column = names.get(fold_heading(cell))
        if column is None:
            unread += [cell] if cell else []
            continue
        if column in places.values():
            raise UnreadableFile(_("Two columns are called “%(name)s”. Take one out.") % {"name": column.label})
        places[place] = column
    return Header(number, places, unread, len(cells))


def read_as(field: forms.Field) -> Read:
    """Read a cell as this field of a form reads what is typed."""
    return field.clean


def read_words(most: int) -> Read:
    """Read a cell as words of at most this many letters."""
    return forms.CharField(max_length=most, required=False).clean


def read_name(most: int) -> Read:
    """Read a cell as a name of at most this many letters, as names are kept."""
    return NameFormField(max_length=most, required=False).clean


def read_yes_or_no(text: str) -> bool:
    """Yes or no, as people tick a column."""
    word = fold_name(text)
    if word in (*YES, fold_name(_("yes"))):
        return True
    if word in (*NO, "", fold_name(_("no"))):
        return False
    raise ValidationError(_("“%(typed)s” is not yes or no.") % {"typed": quote(text)})


def quote(text: str) -> str:
    """The beginning of what somebody wrote, for a sentence about it."""
    return Truncator(text).chars(30)


def split_list(text: str) -> list[str]:
    """Several things in one cell, between commas or semicolons."""
    return [part for part in (piece.strip() for piece in text.replace(";", ",").split(",")) if part]
