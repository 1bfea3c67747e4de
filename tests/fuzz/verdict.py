"""What no answer may be, whoever asked for whatever."""

import csv
import io
import re
from urllib.parse import urlsplit

from django.conf import settings

from tests.fuzz.hostile import MARK, SCRIPT_LINK

OURS = {"", "testserver", urlsplit(settings.SITE_URL).netloc}
# Quotes that stand as they were typed end an attribute, whatever became of the brackets after them.
OUT_OF_ITS_QUOTES = re.compile(rf"""["']{{2}}(>|&gt;)(<|&lt;){MARK}""")
RUNS = re.compile(rf"""(href|src|action|formaction|hx-\w+)\s*=\s*["']?\s*{re.escape(SCRIPT_LINK)}""", re.IGNORECASE)
OF_THE_DATABASE = ("psycopg", "syntax error at or near", "violates ", "DETAIL:", "invalid input syntax")


def wrong_with(response):
    """Why this answer is a defect; nothing if it is none."""
    if response.status_code >= 500:
        problem = response.exc_info[1] if getattr(response, "exc_info", None) else ""
        return f"{response.status_code} {type(problem).__name__}: {str(problem)[:300]}"
    where = urlsplit(response.headers.get("Location", ""))
    if where.netloc not in OURS or where.scheme not in {"", "http", "https"}:
        return f"sends people to {response.headers['Location'][:100]}"
    content = b"" if response.streaming else response.content
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    text = content.decode(errors="replace") if kind.startswith("text/") or "json" in kind else ""
    return _wrong_with_text(kind, text)


def _wrong_with_text(kind, text):
    for words in OF_THE_DATABASE:
        if words in text:
            return f"says {words!r}, which the database says"
    if kind == "text/html":
        if f"<{MARK}" in text.lower():
            return "gives markup back as it came"
        if OUT_OF_ITS_QUOTES.search(text):
            return "lets what was typed out of its quotes"
        if RUNS.search(text):
            return "makes a link that runs something"
    if kind == "text/csv" and any(cell.startswith(("=", "+", "@")) for row in _rows(text) for cell in row):
        return "writes a formula into a table"
    return ""


def _rows(text):
    return csv.reader(io.StringIO(text))
