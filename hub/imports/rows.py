"""The rows of a file for one kind of list: cells by the names of their columns."""

from __future__ import annotations

import codecs
import json

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hub.directory.hsds import NotHSDS, read_services
from hub.imports.columns import EXTRA, Column, find_header
from hub.imports.csv_files import decode
from hub.imports.files import check_bytes, clean_cell, read_table
from hub.imports.kinds.base import ListKind
from hub.imports.kinds.services import ServiceList, describe_foreign, list_columns
from hub.imports.limits import MAX_LINES, UnreadableFile

Rows = list[tuple[int, dict[str, str]]]


def read_rows(kind: ListKind, data: bytes) -> tuple[Rows, list[str]]:
    """The rows under the headings, each with its number in the file; and the headings that nobody reads.

    Raises UnreadableFile.
    """
    if isinstance(kind, ServiceList) and _is_json(data):
        return _read_directory(data), []
    table = read_table(data)
    header = find_header(table, kind.columns)
    rows = []
    for number, cells in table:
        if number <= header.line:
            continue
        row = header.pick(cells)
        if len(cells) > header.width:
            row[EXTRA] = cells[header.width]
        if row:
            rows.append((number, row))
    return rows, header.unread


def _is_json(data: bytes) -> bool:
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def _read_directory(data: bytes) -> Rows:
    """The services of another directory, numbered in their order."""
    check_bytes(data)
    try:
        services = read_services(json.loads(decode(data)))
    except (ValueError, RecursionError, NotHSDS):
        raise UnreadableFile(_("We cannot read this as a directory: Open Referral UK (HSDS 3) JSON.")) from None
    if len(services) > MAX_LINES:
        raise UnreadableFile(
            _("This file has too many lines. Bring at most %(most)d in one file.") % {"most": MAX_LINES}
        )
    described = [describe_foreign(service) for service in services]
    columns = {column.name: column for column in list_columns()}
    return [
        (n, {name: cell for name, text in row.items() if _can_be_read(columns[name], cell := clean_cell(text))})
        for n, row in enumerate(described, start=1)
    ]


def _can_be_read(column: Column, cell: str) -> bool:
    """Whether a cell of another directory reads; of a service that has a name, what does not is left out."""
    try:
        column.read(cell)
    except ValidationError:
        return column.required
    return True
