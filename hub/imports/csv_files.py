"""Reads CSV as programs write it: in UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from hub.imports.limits import UnreadableFile

SEPARATORS = (",", ";", "\t")
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_csv(data: bytes) -> Iterator[list[str]]:
    """The rows of the file. Raises UnreadableFile."""
    text = decode(data)
    # Excel reads such a first line as the separator of what follows.
    said = re.match(r"sep=(.)\r?\n", text)
    if said:
        yield []
        text = text[said.end() :]
    separator = said[1] if said else find_separator(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise UnreadableFile(_("This file is not a table that we can read. Save it as XLSX or CSV.")) from None


def decode(data: bytes) -> str:
    """The text of the file, in the encoding that it is written in."""
    encoding = UTF_16.get(data[:2]) or _find_unmarked_utf_16(data)
    for name in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix("\ufeff")
    raise UnreadableFile(_("This file is not text. Bring a table, as XLSX or CSV."))


def find_separator(text: str) -> str:
    """The separator that makes the most cells of the first line that holds something; the comma of equals."""
    first = next((line for line in text.splitlines() if line.strip(',;\t "')), max(text.splitlines(), key=len))
    return max(SEPARATORS, key=lambda separator: _count_cells(first, separator))


def _count_cells(line: str, separator: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return 0


def _find_unmarked_utf_16(data: bytes) -> str:
    """Text in our letters has a zero in every second byte there."""
    start = data[:200]
    if len(start) >= 4:  # noqa: PLR2004 -- two letters
        half = len(start) // 2
        if start[1::2].count(0) > half * 0.8 and not start[::2].count(0):
            return "utf-16-le"
        if start[::2].count(0) > half * 0.8 and not start[1::2].count(0):
            return "utf-16-be"
    return ""
