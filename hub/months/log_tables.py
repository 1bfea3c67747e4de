"""One log of one month as a table: rows with the same content are one line with a number, sorted by content."""

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
from volunteers.shared import locality


@dataclass(frozen=True)
class LogTableLine:
    """Rows with the same content. `row` is the id of any one of them, and facts that nobody gave are left out."""

    title: str
    facts: list[tuple[str, str]]
    n: int
    row: str


@dataclass(frozen=True)
class LogTable:
    """The lines of one log and month."""

    lines: list[LogTableLine]

    @property
    def total(self) -> int:
        """The number of rows."""
        return sum(line.n for line in self.lines)


def _format_yes_no(value: object) -> str:
    return _("yes") if value else _("no")


def _format_again(value: object) -> str:
    return _("again") if value else _("first")


def _format_test_line(value: object) -> str:
    return str(StripResult.Reading(str(value)).label)


Column = tuple[str, Any, Callable[[object], str]]

COLUMNS: dict[str, list[Column]] = {
    "naloxone": [
        ("product__name", gettext_lazy("Product"), str),
        ("kits", gettext_lazy("Kits"), str),
        ("lot__number", gettext_lazy("Lot"), str),
        ("again", gettext_lazy("First or again"), _format_again),
        ("why_again__name", gettext_lazy("Why again"), str),
        ("trained", gettext_lazy("Shown how"), _format_yes_no),
        ("recipient__name", gettext_lazy("Who for"), str),
    ],
    "reversals": [
        ("place__name", gettext_lazy("Kind of place"), str),
        ("doses", gettext_lazy("Doses"), str),
        ("called_999", locality.put_number(gettext_lazy("{number} called")), _format_yes_no),
        ("outcome__name", gettext_lazy("How it ended"), str),
    ],
    "strips": [
        ("strip__name", gettext_lazy("Strip"), str),
        ("lot__number", gettext_lazy("Lot"), str),
        ("sold_as__name", gettext_lazy("Sold as"), str),
        ("line", gettext_lazy("What it showed"), _format_test_line),
    ],
    "incidents": [
        ("kind__name", gettext_lazy("What kind"), str),
        ("first_aid", gettext_lazy("First aid"), _format_yes_no),
        ("called_999", locality.put_number(gettext_lazy("{number} called")), _format_yes_no),
    ],
}


def build_table(log: str, rows: MonthRowQuerySet[Any]) -> LogTable:
    """The table of a log. It is sorted by content, so that nothing is left of the order of the rows."""
    columns = COLUMNS[log]
    names = [name for name, _head, _format in columns]
    groups = rows.order_by(*names).values(*names).annotate(n=Count("pk"), row=Min(Cast("pk", TextField())))
    return LogTable([_build_line(columns, group) for group in groups])


def _build_line(columns: list[Column], group: dict[str, Any]) -> LogTableLine:
    facts = [(str(head), format_(group[name])) for name, head, format_ in columns if group[name] not in (None, "")]
    title = facts.pop(0)[1] if group[columns[0][0]] else _("Not said")
    return LogTableLine(title, facts, group["n"], group["row"])
