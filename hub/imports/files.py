"""Reads the table in a file that somebody brings: CSV or XLSX, whatever its name says. Needs no database.

What it cannot read it refuses in a sentence. Everything is bounded: a file may be made to fill a machine.
"""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

from hub.imports.csv_files import read_csv
from hub.imports.limits import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_LINES, UnreadableFile
from hub.imports.xlsx_files import ZIP, read_xlsx
from supplies.spreadsheets import is_dangerous

OLD_EXCEL, PDF = b"\xd0\xcf\x11\xe0", b"%PDF"

Table = list[tuple[int, list[str]]]
"""The lines that hold something, each with its number in the file."""


def read_table(data: bytes) -> Table:
    """The lines of the file that hold something. Raises UnreadableFile."""
    check_bytes(data)
    if data.startswith(OLD_EXCEL):
        raise UnreadableFile(_("This is an old Excel file. Open it, and save it as XLSX or CSV."))
    if data.startswith(PDF):
        raise UnreadableFile(_("This is a PDF. Bring the table itself, as XLSX or CSV."))
    rows = read_xlsx(data) if data.startswith(ZIP) else read_csv(data)
    table: Table = []
    for number, row in enumerate(rows, start=1):
        cells = [clean_cell(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        _check_size(number, cells)
        table.append((number, cells))
        if len(table) > MAX_LINES + 1:
            raise UnreadableFile(
                _("This file has too many lines. Bring at most %(most)d in one file.") % {"most": MAX_LINES}
            )
    if not table:
        raise UnreadableFile(_("This file is empty."))
    return table


def check_bytes(data: bytes) -> None:
    """Refuse a file with nothing in it, or with too much."""
    if not data.strip():
        raise UnreadableFile(_("This file is empty."))
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("This file is too big. Bring at most %(mb)d MB.") % {"mb": MAX_BYTES // 2**20})


def clean_cell(cell: str) -> str:
    """The text of a cell with single blanks, without what cannot be seen, and without the apostrophe of our own CSV."""
    seen = "".join(letter if unicodedata.category(letter) not in ("Cc", "Cs") else " " for letter in cell)
    words = " ".join(seen.replace("\ufeff", "").split())
    return words[1:] if words.startswith("'") and is_dangerous(words[1:]) else words


def _check_size(number: int, cells: list[str]) -> None:
    if len(cells) > MAX_COLUMNS:
        raise UnreadableFile(_("Line %(number)d has too many columns. Is this a table?") % {"number": number})
    if any(len(cell) > MAX_CELL for cell in cells):
        raise UnreadableFile(_("One cell in line %(number)d is too long. Is this a table?") % {"number": number})
