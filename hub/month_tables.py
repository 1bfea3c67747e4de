"""One log of one month as a table: rows that say the same are one line with a number, in an order of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.models import StripResult
from hub.models.logs import MonthRowQuerySet

DASH = "–"


@dataclass(frozen=True)
class Table:
    """Headings and lines; each line has its cells, how many rows say so, and the id of any one of them."""

    heads: list[str]
    lines: list[tuple[list[str], int, str]]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(n for _cells, n, _row in self.lines)


def _word(value: Any) -> str:
    return DASH if value in (None, "") else str(value)


def _yes_no(value: bool | None) -> str:  # noqa: FBT001 -- a column's value, and nobody's flag
    return DASH if value is None else _("yes") if value else _("no")


def _first(value: bool | None) -> str:  # noqa: FBT001 -- the same
    return DASH if value is None else _("again") if value else _("first")


def _line(value: str) -> str:
    return str(StripResult.Line(value).label)


Column = tuple[str, Any, Callable[[Any], str]]

COLUMNS: dict[str, list[Column]] = {
    "naloxone": [
        ("product__name", gettext_lazy("Product"), _word),
        ("kits", gettext_lazy("Kits"), _word),
        ("lot__number", gettext_lazy("Lot"), _word),
        ("again", gettext_lazy("First or again"), _first),
        ("why_again__name", gettext_lazy("Why again"), _word),
        ("trained", gettext_lazy("Shown how"), _yes_no),
        ("recipient__name", gettext_lazy("Who for"), _word),
    ],
    "reversals": [
        ("place__name", gettext_lazy("Kind of place"), _word),
        ("doses", gettext_lazy("Doses"), _word),
        ("called_999", gettext_lazy("999 called"), _yes_no),
        ("outcome__name", gettext_lazy("How it ended"), _word),
    ],
    "strips": [
        ("strip__name", gettext_lazy("Strip"), _word),
        ("lot__number", gettext_lazy("Lot"), _word),
        ("sold_as__name", gettext_lazy("Sold as"), _word),
        ("line", gettext_lazy("What it showed"), _line),
    ],
    "incidents": [
        ("kind__name", gettext_lazy("What kind"), _word),
        ("first_aid", gettext_lazy("First aid"), _yes_no),
        ("called_999", gettext_lazy("999 called"), _yes_no),
    ],
}


def table_of(log: str, rows: MonthRowQuerySet[Any]) -> Table:
    """The rows of a log, alike ones together, sorted by what they say: nothing of their order is left."""
    columns = COLUMNS[log]
    names = [name for name, _head, _how in columns]
    alike = rows.order_by(*names).values(*names).annotate(n=Count("pk"), row=Min(Cast("pk", TextField())))
    return Table(
        heads=[str(head) for _name, head, _how in columns],
        lines=[([how(line[name]) for name, _head, how in columns], line["n"], line["row"]) for line in alike],
    )
