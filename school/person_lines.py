"""Lines that somebody pastes to name several people at once. Knows no database.

A line is a name, or a name and an e-mail after a comma, a semicolon or a tab. A plus before it means: somebody new,
even if we know a person of that name. An at-sign before it is a sign-in name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_LINES = 200
MAX_NAME_LENGTH = 60
EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
    problem: LineProblem | None = None


def read_lines(text: str) -> list[PersonLine]:
    """Read every line that is not empty, in order. A repeated name is a slip, unless the second has a plus."""
    lines: list[PersonLine] = []
    seen: set[tuple[str, str]] = set()
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        line = _read_line(number, raw.strip())
        key = (line.name.casefold() or line.sign_in.casefold(), line.email)
        if line.problem is None and key in seen and not line.new:
            line = PersonLine(number, line.text, problem=LineProblem.TWICE)
        if len(lines) >= MAX_LINES:
            line = PersonLine(number, line.text, problem=LineProblem.TOO_MANY)
        seen.add(key)
        lines.append(line)
    return lines


def _read_line(number: int, text: str) -> PersonLine:
    if CONTROL.search(text.replace("\t", " ")):
        return PersonLine(number, CONTROL.sub("", text), problem=LineProblem.UNREADABLE)
    new = text.startswith("+")
    name, *more = (part.strip() for part in re.split(r"[,;\t]", text.lstrip("+"), maxsplit=1))
    email = more[0].strip(" <>").lower() if more else ""
    if name.startswith("@"):
        return PersonLine(number, text, sign_in=name[1:], problem=None if name[1:] else LineProblem.NO_NAME)
    if EMAIL.fullmatch(name) and not email:
        return PersonLine(number, text, problem=LineProblem.NO_NAME)
    problem = None
    if not name:
        problem = LineProblem.NO_NAME
    elif len(name) > MAX_NAME_LENGTH:
        problem = LineProblem.TOO_LONG
    elif more and not EMAIL.fullmatch(email):
        problem = LineProblem.EMAIL
    return PersonLine(number, text, name=name, email=email, new=new, problem=problem)
