"""Reads the first sheet of a workbook that holds something. A workbook is a packed folder of XML, and may be a trap."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from hub.imports.limits import MAX_UNPACKED, UnreadableFile
from volunteers.shared.forms.readers import write_day

ZIP = b"PK"
MAX_PARTS = 1_000
STEP = 2**16
# Workbooks have no document types: whoever writes one into them wants a machine to unfold it.
TRAPS = (b"<!DOCTYPE", b"<!ENTITY")
SHEET = "xl/worksheets/"


def read_xlsx(data: bytes) -> list[list[str]]:
    """The rows of the first sheet that holds something, as people see them. Raises UnreadableFile."""
    try:
        _refuse_traps(data)
        return _read_rows(data)
    except UnreadableFile:
        raise
    except Exception:  # noqa: BLE001 -- the library raises whatever a broken file makes it meet
        raise UnreadableFile(
            _("This is not a workbook that we can read. Open it, and save it as XLSX or CSV.")
        ) from None


def _refuse_traps(data: bytes) -> None:
    """Unpack every part once, and stop where that is too much, whatever the folder says of its size."""
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        parts = folder.infolist()
        if len(parts) > MAX_PARTS or not any(part.filename.startswith(SHEET) for part in parts):
            raise UnreadableFile(_("This file holds no sheet that we can read. Save the table as XLSX or CSV."))
        for part in parts:
            with folder.open(part) as opened:
                before = b""
                while piece := opened.read(STEP):
                    unpacked += len(piece)
                    if unpacked > MAX_UNPACKED:
                        raise UnreadableFile(_("This workbook is too big. Bring only the table, as XLSX or CSV."))
                    window = before + piece
                    if any(trap in window for trap in TRAPS):
                        raise UnreadableFile(_("This workbook has parts that we do not open. Save the table as CSV."))
                    before = piece[-max(map(len, TRAPS)) :]


def _read_rows(data: bytes) -> list[list[str]]:
    # It brings numpy, a fifth of what a web server may weigh, and is wanted a few times a year.
    from openpyxl import load_workbook  # noqa: PLC0415 -- see above

    with warnings.catch_warnings():
        # Of things in a workbook that it leaves out.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = [list(row) for row in _cut_end(sheet.iter_rows(values_only=True))]
                if rows:
                    return [[write_value(value) for value in row] for row in rows]
        finally:
            book.close()
    return []


def _cut_end(rows: Iterator[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows without those behind the last that holds something: a sheet may have a million of them."""
    kept: list[tuple[Any, ...]] = []
    empty = 0
    for row in rows:
        if any(value is not None for value in row):
            kept.extend([()] * empty)
            kept.append(row)
            empty = 0
        else:
            empty += 1
    return kept


def write_value(value: Any) -> str:
    """A cell as people would type it: days as days, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return write_day(value.date())
    if isinstance(value, dt.date):
        return write_day(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
