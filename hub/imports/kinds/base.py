"""What every kind of list does: understand a line, take it in, and undo that while it is untouched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hub.imports.columns import EXTRA, Column, quote
from volunteers.models import User


class Verdict(models.TextChoices):
    """What a line of a list is, before it is taken in."""

    NEW = "new", _lazy("new")
    KNOWN = "known", _lazy("known")
    UNCLEAR = "unclear", _lazy("not understood")


@dataclass
class Understood:
    """A line as we understand it. What is known needs nothing more, even where something is wrong with it."""

    label: str
    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    known: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """What the line is."""
        if self.known:
            return Verdict.KNOWN
        return Verdict.UNCLEAR if self.wrong else Verdict.NEW

    @property
    def reasons(self) -> list[str]:
        """Why, in sentences."""
        return [self.known] if self.known else self.wrong or self.notes


@dataclass(frozen=True)
class Made:
    """What a line became: one of these, and the heading that was made for it."""

    item: models.Model | None = None
    person: User | None = None
    service: models.Model | None = None
    act: UUID | None = None
    category: models.Model | None = None
    heading: models.Model | None = None
    mark: str = ""


class ListKind:
    """A kind of list, read for one person: what is known here is asked once, and then remembered.

    The same line twice in a list is new once.
    """

    slug: ClassVar[str]
    title: ClassVar[str | Promise]
    """Its name, on screens."""
    about: ClassVar[str | Promise]

    def __init__(self, by: User, *, adds_headings: bool = False, heading: models.Model | None = None) -> None:
        """Ask what is here already."""
        self.by, self.adds_headings, self.heading = by, adds_headings, heading
        self.sends_letters = False
        self.lines: dict[Any, int] = {}
        self.columns: Sequence[Column] = ()

    def understand(self, number: int, cells: dict[str, str]) -> Understood:
        """Read the cells of a line, by the names of their columns."""
        line = Understood(label=self.name_line(cells))
        if EXTRA in cells:
            line.wrong.append(
                _("There is more in this line than there are headings: “%(cell)s”.") % {"cell": quote(cells[EXTRA])}
            )
        for column in self.columns:
            try:
                line.values[column.name] = self.read_cell(column, cells.get(column.name, ""), line.values)
            except ValidationError as problem:
                line.wrong += [f"{column.label}: {sentence}" for sentence in problem.messages]
        if not line.wrong:
            self.judge(number, line)
        return line

    def read_cell(self, column: Column, cell: str, values: dict[str, Any]) -> Any:
        """The value of a cell. Raises ValidationError."""
        if not cell and column.required:
            raise ValidationError(_("This is missing."))
        return column.read(cell)

    def judge(self, number: int, line: Understood) -> None:
        """Say of a line that was read whether it is known, or wrong as a whole."""
        raise NotImplementedError

    def name_line(self, cells: dict[str, str]) -> str:
        """What people call what is in the line."""
        return cells.get("name", "")

    def take_in(self, line: Understood) -> Made:
        """Make what is in a new line. Raises NotAllowed or ValidationError."""
        raise NotImplementedError

    def undo(self, line: Any) -> None:
        """Undo what was made of a line. Raises NotAllowed where somebody has touched it since."""
        raise NotImplementedError

    def note_line(self, key: Any, number: int) -> str:
        """Remember a line; a sentence where an earlier one says the same."""
        earlier = self.lines.setdefault(key, number)
        return _("Line %(number)d has the same.") % {"number": earlier} if earlier != number else ""
