"""One log of one month: rows that say the same are one line with a number, in an order of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.logs.models.base import MonthRowQuerySet
from hub.logs.models.strips import StripResult


@dataclass(frozen=True)
class Line:
    """What so many rows say; `row` is the id of any one of them. What was not said is left out."""

    title: str
    facts: list[tuple[str, str]]
    n: int
    row: str


@dataclass(frozen=True)
class Table:
    """The lines of one log and month."""

    lines: list[Line]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(line.n for line in self.lines)


def _yes_no(value: object) -> str:
    return _("yes") if value else _("no")


def _first(value: object) -> str:
    return _("again") if value else _("first")


def _line(value: object) -> str:
    return str(StripResult.Line(str(value)).label)


Column = tuple[str, Any, Callable[[object], str]]

COLUMNS: dict[str, list[Column]] = {
    "naloxone": [
        ("product__name", gettext_lazy("Product"), str),
        ("kits", gettext_lazy("Kits"), str),
        ("lot__number", gettext_lazy("Lot"), str),
        ("again", gettext_lazy("First or again"), _first),
        ("why_again__name", gettext_lazy("Why again"), str),
        ("trained", gettext_lazy("Shown how"), _yes_no),
        ("recipient__name", gettext_lazy("Who for"), str),
    ],
    "reversals": [
        ("place__name", gettext_lazy("Kind of place"), str),
        ("doses", gettext_lazy("Doses"), str),
        ("called_999", gettext_lazy("999 called"), _yes_no),
        ("outcome__name", gettext_lazy("How it ended"), str),
    ],
    "strips": [
        ("strip__name", gettext_lazy("Strip"), str),
        ("lot__number", gettext_lazy("Lot"), str),
        ("sold_as__name", gettext_lazy("Sold as"), str),
        ("line", gettext_lazy("What it showed"), _line),
    ],
    "incidents": [
        ("kind__name", gettext_lazy("What kind"), str),
        ("first_aid", gettext_lazy("First aid"), _yes_no),
        ("called_999", gettext_lazy("999 called"), _yes_no),
    ],
}


def table_of(log: str, rows: MonthRowQuerySet[Any]) -> Table:
    """The rows of a log, alike ones together, sorted by what they say: nothing of their order is left."""
    columns = COLUMNS[log]
    names = [name for name, _head, _how in columns]
    alike = rows.order_by(*names).values(*names).annotate(n=Count("pk"), row=Min(Cast("pk", TextField())))
    return Table([_one(columns, line) for line in alike])


def _one(columns: list[Column], line: dict[str, Any]) -> Line:
    said = [(str(head), how(line[name])) for name, head, how in columns if line[name] not in (None, "")]
    title = said.pop(0)[1] if line[columns[0][0]] else _("Not said")
    return Line(title, said, line["n"], line["row"])
