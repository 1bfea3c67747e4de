"""Lines that somebody pastes to name several people at once. Knows no database.

A line is a name, or a name and an e-mail: after a comma, a semicolon, a tab or a blank, or in angle brackets. A plus
before it means: somebody new, even if we know a person of that name. An at-sign before it is a sign-in name. An
equals sign and a number after it say which of several people of that name.

Lists come from spreadsheets, mails and notes. So a row of headings, empty columns, quotes, bullets and numbers are
understood; what is not is asked about, line by line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from volunteers.shared.names import fold_name, fold_search, tidy_name

MAX_LINES = 200
MAX_NAME_LENGTH = 60
NAME_AND_EMAIL = 2
EMAIL = re.compile(r"(?:mailto:)?([^@\s,;<>()\[\]\"':]+@[^@\s,;<>()\[\]\"']+\.[^@\s,;.<>()\[\]\"']{2,})", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# A bullet, a box to tick, or a number, as notes and mails have them.
BULLET = re.compile(r"(?:[-‐-―*•·‣◦▪●○☐-☒✓✔>]|\[[ xX]?\]|\(?\d{1,3}[.):](?!\d))\s*")
WHICH = re.compile(r"\s*=\s*(\d{1,9})$")
NUMBER = re.compile(r"#?\d{1,4}[.)]?")
AROUND = " -‐‑‒–—:()<>[]\"'“”„«»‘’,;"
AROUND_EMAIL = AROUND.replace("'", "")
SEVERAL = re.compile(r"(?<=>)\s*[;,]\s*(?=\S)")
# What spreadsheets write above their columns, bare: without accents, hyphens and capitals.
NAME_HEADINGS = {
    "name", "names", "full name", "fullname", "chosen name", "preferred name", "known as", "first name", "firstname",
    "given name", "forename", "last name", "lastname", "surname", "family name", "nickname", "display name", "who",
    "person", "people", "participant", "participants", "attendee", "volunteer",
}  # fmt: skip
PARTS_OF_NAMES = {
    "first name",
    "firstname",
    "given name",
    "forename",
    "last name",
    "lastname",
    "surname",
    "family name",
}
EMAIL_HEADINGS = {"email", "e mail", "mail", "email address", "e mail address", "mail address", "email 1 value"}


class LineProblem(StrEnum):
    """Why a line names nobody."""

    NO_NAME = "no name"
    TOO_LONG = "too long"
    EMAIL = "e-mail"
    TWICE = "twice"
    TOO_MANY = "too many"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class PersonLine:
    """One line: the person it names, or the problem that it names nobody."""

    number: int
    text: str
    name: str = ""
    email: str = ""
    sign_in: str = ""
    new: bool = False
    which: int | None = None
    problem: LineProblem | None = None


@dataclass(frozen=True)
class Columns:
    """The columns of a pasted table, as its headings name them."""

    delimiter: str
    names: tuple[int, ...]
    email: int | None
    are_several: bool

    def read(self, cells: list[str]) -> tuple[list[str], str]:
        """The name and the e-mail of one row. The other columns are about something else."""
        named = [cells[column] for column in self.names if column < len(cells)]
        email = cells[self.email] if self.email is not None and self.email < len(cells) else ""
        return [" ".join(filter(None, named))], email


def read_lines(text: str) -> list[PersonLine]:
    """Read every line that is not empty, in order. A repeated name is a slip, unless the second has a plus."""
    lines: list[PersonLine] = []
    seen: set[tuple[str, str]] = set()
    columns: Columns | None = None
    first = True
    for number, raw in _split_people(text):
        if first and (headings := _read_headings(raw)):
            # A heading over one column says nothing about the cells of a line.
            first, columns = False, headings if headings.are_several else None
            continue
        first = False
        line = _read_line(number, raw, columns)
        key = (fold_name(line.name or line.sign_in), line.email or f"={line.which}")
        if line.problem is None and key in seen and not line.new:
            line = PersonLine(number, line.text, problem=LineProblem.TWICE)
        if len(lines) >= MAX_LINES:
            line = PersonLine(number, line.text, problem=LineProblem.TOO_MANY)
        seen.add(key)
        lines.append(line)
    return lines


def _split_people(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text that name one person each: lines, and the addresses of a mail in one line."""
    for number, raw in enumerate(text.splitlines(), start=1):
        for piece in SEVERAL.split(raw):
            if CONTROL.search(piece.replace("\t", " ")) or tidy_name(piece).strip(AROUND):
                yield number, piece.strip(" ")


def _split_cells(text: str, delimiter: str = "") -> list[str]:
    """The cells of one line, tidied; quotes hold a cell together."""
    delimiter = delimiter or next((mark for mark in "\t;," if mark in text), ",")
    cells = next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
    return [_unquote(tidy_name(cell)) for cell in cells]


def _unquote(cell: str) -> str:
    quoted = re.fullmatch("[\"'“„«‘](.+)[\"'”“»’]", cell)
    return quoted[1].strip() if quoted else cell


def _read_headings(text: str) -> Columns | None:
    """The columns, if this line is the row of headings above them."""
    delimiter = next((mark for mark in "\t;," if mark in text), ",")
    headings = [re.sub(r"[\W_]+", " ", fold_search(cell)).strip() for cell in _split_cells(text, delimiter)]
    names = tuple(number for number, heading in enumerate(headings) if heading in NAME_HEADINGS)
    if not names or EMAIL.search(text):
        return None
    email = next((number for number, heading in enumerate(headings) if heading in EMAIL_HEADINGS), None)
    whole = tuple(number for number in names if headings[number] not in PARTS_OF_NAMES)
    return Columns(delimiter, whole[:1] or names, email, are_several=len(headings) > 1)


def _read_line(number: int, raw: str, columns: Columns | None) -> PersonLine:
    if CONTROL.search(raw.replace("\t", " ")):
        return PersonLine(number, CONTROL.sub("", raw).strip(), problem=LineProblem.UNREADABLE)
    text = raw.strip()
    bare = raw if columns else text.lstrip("\ufeff\u200b")
    while not columns and (bullet := BULLET.match(bare)):
        bare = bare[bullet.end() :]
    new = False
    if bare.startswith("@"):
        sign_in = tidy_name(re.split(r"[,;\t]", bare[1:], maxsplit=1)[0])
        return PersonLine(number, text, sign_in=sign_in, problem=None if sign_in else LineProblem.NO_NAME)
    names, emails, broken = _sort_cells(bare, columns)
    name = names[0] if names else ""
    which = None
    if chosen := WHICH.search(name):
        name, which = name[: chosen.start()], int(chosen[1])
    if name.startswith("+"):
        name, new = name.lstrip("+ "), True
    problem = None
    if broken or len(names) > 1 or len(emails) > 1:
        problem = LineProblem.EMAIL
    elif not name:
        problem = LineProblem.NO_NAME
    elif len(name) > MAX_NAME_LENGTH:
        problem = LineProblem.TOO_LONG
    email = emails[0] if emails else ""
    return PersonLine(number, text, name=name, email=email, new=new, which=which, problem=problem)


def _sort_cells(text: str, columns: Columns | None) -> tuple[list[str], list[str], bool]:
    """The names and the e-mails in a line, and whether something in it looks like an e-mail and is none."""
    if columns:
        names, email = columns.read(_split_cells(text, columns.delimiter))
        cells = [*names, email]
    else:
        cells = _split_cells(text)
        # A column left empty is one of several; a comma with nothing before it is a name that was forgotten.
        if cells[:1] == [""] and len(cells) == NAME_AND_EMAIL and "," in text:
            return [], [], False
        cells = [cell for cell in cells if cell]
        if len(cells) > 1 and NUMBER.fullmatch(cells[0]):
            del cells[0]
    names, emails, broken = [], [], False
    for cell in cells:
        if found := EMAIL.search(cell):
            emails.append(found[1].lower())
            cell = _unquote((cell[: found.start()] + cell[found.end() :]).strip(AROUND_EMAIL))  # noqa: PLW2901 -- what is left of it
        elif "@" in cell:
            broken = True
            continue
        if cell:
            names.append(tidy_name(cell))
    return names, emails, broken
