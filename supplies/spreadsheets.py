"""Tables for other people's spreadsheets. No cell of ours is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

Cell = str | int
Row = Sequence[Cell]

# What spreadsheets take for the beginning of a formula, also after blanks.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(name: str, rows: Iterable[Row]) -> HttpResponse:
    """A CSV that opens in a spreadsheet with its letters intact."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    return _build_file(f"{name}.csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf" + text.getvalue().encode())


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
            cell = WriteOnlyCell(sheet, value=escape_formula(value))
            if isinstance(value, str):
                cell.data_type = "s"
            if not number:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    data = io.BytesIO()
    book.save(data)
    return _build_file(f"{name}.xlsx", XLSX, data.getvalue())


def escape_formula(cell: Any) -> Any:
    """The cell with a quote before text that a spreadsheet would run, and without control codes."""
    if not isinstance(cell, str):
        return cell
    words = "".join(letter for letter in cell if letter.isprintable() or letter in "\t\r\n")
    return f"'{words}" if words.lstrip(" ").startswith(DANGEROUS) else words


def _build_file(name: str, kind: str, data: bytes) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
