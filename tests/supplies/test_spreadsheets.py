"""Spreadsheets get words as they are: nothing unseen is dropped, nothing is run, and other programs read the same."""

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hub.reports.downloads import write_csv, write_xlsx
from supplies.spreadsheets import csv_file, is_dangerous, xlsx_file

SHEET = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
WORDS = [
    "نمی\u200cخواهم",  # a joiner
    "👩\u200d⚕\ufe0f and 🫨",  # an emoji of several, and one that is young
    "12\u00a0mg · 5\u202fml",  # hard blanks
    "\u200fעברית\u200e",  # direction marks
    "soft\u00adhyphen",
    "two\nlines",
]
FORMULAS = [
    '=HYPERLINK("http://x")',
    "+44 20",
    "-3",
    "@SUM(A1)",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1",
    " \u200f+1",
]


def read_xml(data):
    """The text cells of a workbook as another program finds them, and whether any cell holds a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        root, shared = (
            ET.fromstring(book.read(name)) if name in book.namelist() else ET.Element("none")  # noqa: S314 -- our own file
            for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
        )
    strings = [words_in(one) for one in shared]
    texts = []
    for cell in root.iterfind(".//s:c", SHEET):
        if cell.get("t") == "s":
            texts.append(strings[int(cell.find("s:v", SHEET).text)])
        elif cell.get("t") == "inlineStr":
            texts.append(words_in(cell))
    return texts, root.find(".//s:f", SHEET) is not None


def words_in(node):
    return "".join(part.text or "" for part in node.iterfind(".//s:t", SHEET))


def read_csv(data, separator=","):
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    return [cell for row in csv.reader(text, delimiter=separator) for cell in row]


@pytest.mark.parametrize("words", WORDS)
def test_words_are_written_as_they_are(words):
    assert read_csv(csv_file("order", [[words]]).content) == [words]
    data = xlsx_file("order", [[words]]).content
    assert read_xml(data) == ([words], False)
    assert load_workbook(io.BytesIO(data)).active["A1"].value == words


@pytest.mark.parametrize("words", FORMULAS)
def test_formula_is_text_without_stray_apostrophe(words):
    assert read_csv(csv_file("order", [[words]]).content) == [f"'{words}"]
    for data in (xlsx_file("order", [[words]]).content, write_xlsx([words], [])):
        assert read_xml(data) == ([words], False)
        cell = load_workbook(io.BytesIO(data)).active["A1"]
        assert (cell.value, cell.data_type, cell.quotePrefix) == (words, "s", True)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff_"), max_size=20))
def test_any_words_come_out_again(words):
    (cell,) = read_csv(csv_file("order", [["x", words]]).content)[1:]
    assert cell == (f"'{words}" if is_dangerous(words) else words)
    texts, has_formula = read_xml(xlsx_file("order", [["x", words]]).content)
    assert (texts[1:] or [""], has_formula) == ([words], False)


@pytest.mark.parametrize(("language", "separator"), [("en-gb", ","), ("de", ";"), ("pl", ";")])
def test_separator_is_what_spreadsheets_expect(language, separator):
    rows = [["Item", "Packs"], ["Spoon; big, flat", 3]]
    with translation.override(language):
        for data in (csv_file("order", rows).content, write_csv(["Spoon; big, flat"], [])):
            assert data.startswith(b"\xef\xbb\xbf")
        assert read_csv(csv_file("order", rows).content, separator) == ["Item", "Packs", "Spoon; big, flat", "3"]


def test_what_no_file_may_hold_is_left_out():
    assert read_csv(csv_file("order", [["a\x07b\ufffe"]]).content) == ["ab"]
    assert read_xml(xlsx_file("order", [["a\x07b\ufffe"]]).content) == (["ab"], False)
