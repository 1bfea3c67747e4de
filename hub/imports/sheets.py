"""Files that the hub gives out for lists: an empty one to fill in, and the lines that were not understood."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from hub.imports.kinds.base import ListKind
from hub.imports.models.lines import ImportLine

Rows = list[list[str]]


def write_template(kind: ListKind) -> Rows:
    """The headings, and one line as an example."""
    return [[str(column.label) for column in kind.columns], [str(column.example) for column in kind.columns]]


def write_unclear(kind: ListKind, lines: Iterable[ImportLine]) -> Rows:
    """The lines as they were brought, and what is wrong with each: to put right, and bring again."""
    rows = [[*(str(column.label) for column in kind.columns), _("What is wrong")]]
    for line in lines:
        content = line.open()
        reasons = " ".join(content["reasons"]) or line.why
        rows.append([*(content["cells"].get(column.name, "") for column in kind.columns), reasons])
    return rows
