"""Files that people bring: read as they were written, or refused in a sentence."""

import codecs
import io
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hub.imports.files import clean_cell, read_table
from hub.imports.limits import MAX_BYTES, MAX_LINES, UnreadableFile
from supplies.spreadsheets import escape_formula, write_csv_rows, xlsx_file

NINTH = datetime(2027, 3, 9)  # noqa: DTZ001 -- as a workbook holds it
ROWS = [["Name", "How many"], ["Łódka – naïve", "1,200"], ["Foil £", "12"]]


def in_csv(rows, separator=","):
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)


def in_xlsx(*rows, before=()):
    book, data = Workbook(), io.BytesIO()
    for sheet in before:
        book.create_sheet(sheet, 0)
    for row in rows:
        book[book.sheetnames[-1]].append(row)
    book.save(data)
    return data.getvalue()


def cells_of(data):
    return [cells for _number, cells in read_table(data)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_reads_whatever_wrote_it(encoding, separator):
    assert cells_of(in_csv(ROWS, separator).encode(encoding)) == ROWS


def test_csv_of_windows_keeps_its_letters():
    assert cells_of("Name;Price\r\nCafé – “foil”;€ 2".encode("cp1252")) == [["Name", "Price"], ["Café – “foil”", "€ 2"]]


def test_big_end_of_utf_16_reads():
    assert cells_of(codecs.BOM_UTF16_BE + in_csv(ROWS).encode("utf-16-be")) == ROWS


def test_lines_keep_their_number_past_blanks():
    data = b"sep=;\r\n\r\nName;Unit\r\n;;\r\nFoil;sheet\r\n"
    assert read_table(data) == [(3, ["Name", "Unit"]), (5, ["Foil", "sheet"])]


def test_workbook_reads_as_people_see_it():
    data = in_xlsx(["Name", "Use by", "n", "ok"], [], ["Foil", NINTH, 12.0, True], before=["empty"])
    assert read_table(data) == [(1, ["Name", "Use by", "n", "ok"]), (3, ["Foil", "09/03/2027", "12", "yes"])]
    assert cells_of(in_xlsx([date(2027, 1, 2), 1.5, 7])) == [["02/01/2027", "1.5", "7"]]


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(clean_cell)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5)


@given(TABLES)
def test_own_files_read_as_written(rows):
    rows = [["A", "B", "C", "D"], *rows]
    wanted = [cells for row in rows if (cells := strip_end(row))]
    assert cells_of(write_csv_rows(rows)) == wanted
    assert cells_of(xlsx_file("list", rows).content) == wanted


def strip_end(row):
    return row[: max((n for n, cell in enumerate(row, start=1) if cell), default=0)]


@given(CELLS)
def test_apostrophe_of_ours_goes_again(cell):
    assert clean_cell(str(escape_formula(cell))) == clean_cell(cell)


def a_bomb(inside=b" " * (60 * 2**20), name="xl/worksheets/sheet1.xml"):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(name, inside)
    return data.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><worksheet/>'
REFUSED = {
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n ;;; \r\n", "empty"),
    "too big": (b"a" * (MAX_BYTES + 1), "too big"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\0" * 900, "old Excel"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text"),
    "zip bomb": (a_bomb(), "too big"),
    "entity bomb": (a_bomb(LAUGHS), "parts that we do not open"),
    "other zip": (a_bomb(b"hello", "content.xml"), "no sheet"),
    "broken zip": (b"PK\x03\x04 and no more", "not a workbook"),
    "half a workbook": (a_bomb(b"<worksheet"), "not a workbook"),
    "empty workbook": (in_xlsx(), "empty"),
    "many lines": (b"a,b\n" * (MAX_LINES + 2), "too many lines"),
    "wide": (b",".join([b"a"] * 100), "too many columns"),
    "long": (b"a," + b"b" * 5000, "too long"),
    "longest": (b"a," + b"b" * 200_000, "not a table"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_refusal_is_a_sentence(data, words):
    with pytest.raises(UnreadableFile, match=words):
        read_table(data)


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda more: in_xlsx(["a"])[:-30] + more))
def test_any_file_reads_or_is_refused(data):
    with suppress(UnreadableFile):
        assert all(cells for _number, cells in read_table(data))
