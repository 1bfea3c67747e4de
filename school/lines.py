"""Lines that somebody pastes to name several people at once. Knows no database.

A line is a name, or a name and an e-mail after a comma, a semicolon or a tab. A plus before it means: somebody new,
even if we know a person of that name. An at-sign before it is a sign-in name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_LINES = 200
LONGEST_NAME = 60
EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Wrong(StrEnum):
    """Why a line names nobody."""

    NO_NAME = "no name"
    TOO_LONG = "too long"
    EMAIL = "e-mail"
    TWICE = "twice"
    TOO_MANY = "too many"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Line:
    """One line: whom it names, or why it names nobody."""

    number: int
    text: str
    name: str = ""
    email: str = ""
    sign_in: str = ""
    new: bool = False
    wrong: Wrong | None = None


def read(text: str) -> list[Line]:
    """Every line that is not empty, in order. The same name twice is somebody's slip, unless the second has a plus."""
    lines: list[Line] = []
    seen: set[tuple[str, str]] = set()
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        line = _read(number, raw.strip())
        key = (line.name.casefold() or line.sign_in.casefold(), line.email)
        if line.wrong is None and key in seen and not line.new:
            line = Line(number, line.text, wrong=Wrong.TWICE)
        if len(lines) >= MOST_LINES:
            line = Line(number, line.text, wrong=Wrong.TOO_MANY)
        seen.add(key)
        lines.append(line)
    return lines


def _read(number: int, text: str) -> Line:
    if CONTROL.search(text.replace("\t", " ")):
        return Line(number, CONTROL.sub("", text), wrong=Wrong.UNREADABLE)
    new = text.startswith("+")
    name, *more = (part.strip() for part in re.split(r"[,;\t]", text.lstrip("+"), maxsplit=1))
    email = more[0].strip(" <>").lower() if more else ""
    if name.startswith("@"):
        return Line(number, text, sign_in=name[1:], wrong=None if name[1:] else Wrong.NO_NAME)
    if EMAIL.fullmatch(name) and not email:
        return Line(number, text, wrong=Wrong.NO_NAME)
    wrong = None
    if not name:
        wrong = Wrong.NO_NAME
    elif len(name) > LONGEST_NAME:
        wrong = Wrong.TOO_LONG
    elif more and not EMAIL.fullmatch(email):
        wrong = Wrong.EMAIL
    return Line(number, text, name=name, email=email, new=new, wrong=wrong)
