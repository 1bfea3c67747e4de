"""Tables for other people's spreadsheets. Words come out as they are, and no cell of ours is ever run as a formula.

A CSV is UTF-8 with a byte order mark. Its separator is the one that spreadsheets expect in the language of the page:
a comma where numbers have a decimal point, a semicolon where they have a decimal comma.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.formats import get_format

Cell = str | int
Row = Sequence[Cell]

# What spreadsheets take for the beginning of a formula, also after blanks.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(name: str, rows: Iterable[Row]) -> HttpResponse:
    """A CSV that opens in a spreadsheet with its letters intact."""
    return _build_file(f"{name}.csv", "text/csv; charset=utf-8", write_csv_rows(rows))


def write_csv_rows(rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows as a CSV, with a byte order mark and the separator of the page's language."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=find_separator()).writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def find_separator() -> str:
    """The separator that a spreadsheet in the language of the page expects."""
    return ";" if get_format("DECIMAL_SEPARATOR") == "," else ","


def xlsx_file(name: str, rows: Iterable[Row]) -> HttpResponse:
    """A workbook of one sheet, its first row in bold. Text stays text there."""
    # It brings numpy, a fifth of what a web server may weigh, and is wanted a few times a month.
    from openpyxl import Workbook  # noqa: PLC0415 -- see above
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- see above
    from openpyxl.styles import Font  # noqa: PLC0415 -- see above

    book = Workbook(write_only=True)
    book.properties.creator = ""
    sheet = book.create_sheet(name[:31])
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            write_cell(cell, value)
            if not number:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    data = io.BytesIO()
    book.save(data)
    return _build_file(f"{name}.xlsx", XLSX, data.getvalue())


def write_cell(cell: Any, value: Any) -> None:
    """Put a value into a cell of a workbook. Text is marked as text, and stays so when somebody edits it there."""
    cell.value = clean_text(value)
    if isinstance(value, str):
        cell.data_type = "s"
        # What a person would type as an apostrophe, and nobody sees.
        cell.quotePrefix = is_dangerous(value)


def escape_formula(cell: Any) -> Any:
    """The cell of a CSV, with an apostrophe before text that a spreadsheet would run: it has no other way to say so."""
    words = clean_text(cell)
    return f"'{words}" if isinstance(words, str) and is_dangerous(words) else words


def clean_text(cell: Any) -> Any:
    """The cell as it is, without what no file of this kind may hold; joiners, hard blanks and direction marks stay."""
    if not isinstance(cell, str):
        return cell
    return "".join(letter for letter in cell if letter in "\t\r\n" or not _is_forbidden(letter))


def is_dangerous(words: str) -> bool:
    """Whether a spreadsheet would take it for a formula, whatever blank or unseen letter it begins with."""
    seen = words
    while seen and (unicodedata.category(seen[0]) in ("Zs", "Cf") or _is_forbidden(seen[0])):
        seen = seen[1:]
    return seen.startswith(DANGEROUS)


def _is_forbidden(letter: str) -> bool:
    """Control codes, halves of letters, and the two that are no letters at all."""
    if letter in "\t\r\n":
        return False
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in "\ufffe\uffff"


def _build_file(name: str, kind: str, data: bytes) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
