"""Downloads of an edition as CSV and XLSX, without anything that a spreadsheet would run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hub.disclosure.buckets import HIDDEN
from hub.reports.charts import format_figure, format_tables
from hub.reports.document import Document
from supplies.spreadsheets import write_cell, write_csv_rows

COLUMN_WIDTH = 48


def build_rows(document: Document) -> Iterator[list[Any]]:
    """The rows of every table under its heads. A hidden number is a star, a range is text, an unknown one is empty."""
    for table, described in zip(document, format_tables(document), strict=True):
        yield [table["title"]]
        if table["rows"]:
            yield ["", "", *table["columns"]]
        for row in table["rows"]:
            yield [row["group"], row["label"], *(_number(cell, row["kind"]) for cell in row["cells"])]
        yield from ([words] for words in described["later"])
        for line in table["put_right"]:
            yield [_("Corrected on %(day)s: %(label)s, %(column)s") % line]
        yield [table["source"]]
        yield []


def write_csv(heads: list[str], document: Document) -> bytes:
    """The CSV file, as other spreadsheets of ours are written."""
    return write_csv_rows([*([head] for head in heads), [], *build_rows(document)])


def write_xlsx(heads: list[str], document: Document) -> bytes:
    """The workbook, with one sheet."""
    # Imported here, as it loads numpy, a fifth of the memory limit of a web process.
    from openpyxl import Workbook  # noqa: PLC0415 -- see above
    from openpyxl.styles import Font  # noqa: PLC0415 -- see above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- see above

    book = Workbook()
    for old in book.worksheets:
        book.remove(old)
    sheet = book.create_sheet(_("Numbers"))
    titles = {heads[0], *(table["title"] for table in document)}
    rows = [*([head] for head in heads), [], *build_rows(document)]
    for down, row in enumerate(rows, start=1):
        for across, value in enumerate(row, start=1):
            cell = sheet.cell(down, across)
            write_cell(cell, value)
            if isinstance(value, Decimal):
                cell.number_format = f"0.{'0' * -int(value.as_tuple().exponent)}"
            if len(row) == 1 and value in titles:
                cell.font = Font(bold=True)
    for column, width in enumerate((COLUMN_WIDTH // 2, COLUMN_WIDTH), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number(cell: Any, kind: str) -> Any:
    if cell is None:
        return None
    if isinstance(cell, list) or kind == "share" or cell == HIDDEN:
        return format_figure(cell, kind)
    return int(cell) if kind in ("count", "percent", "weeks") else Decimal(cell)
