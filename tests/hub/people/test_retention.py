"""The confidentiality page, `docs/what-we-hold.md` and the constants the code goes by say the same, or this fails."""

import re
from html import unescape

import pytest

from hub.people.retention import PROMISES
from tests.project.test_what_we_hold import about_people, columns

LINES = [line for group in PROMISES for line in group.lines]
# What a length of time can say, in either of the two; each is written in days where it can be.
WORDS = {
    r"06:00|\b6 am\b": "06:00",
    r"end of tomorrow": "tomorrow",
    r"for ever": "for ever",
    r"about two days": "48 hours",
    r"have an account|has an account|have accounts": "account",
    r"not limited yet": "not limited yet",
    r"month after next": "month after next",
    r"\ba year\b": "365 days",
    r"two weeks": "14 days",
    r"two years": "730 days",
    r"end of the next day": "next day",
}
NUMBERED = re.compile(r"(\d+) (hour|day|week|month|year)s?\b")


def lengths(words):
    """Every length of time in these words, each in one way of writing it."""
    words = words.lower().replace("if you are not here for a year, we ask you", "").replace("\xa0", " ")
    plain_words = {plain for pattern, plain in WORDS.items() if re.search(pattern, words)}
    return plain_words | {f"{n} {unit}s" for n, unit in NUMBERED.findall(words)}


def in_the_document(tables):
    """The lengths of time the document gives for these tables."""
    return {
        length
        for (table, _column), (_why, how_long, _deleted_by) in about_people()
        if table in tables
        for length in lengths(how_long)
    }


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.tables[0])
def test_page_and_document_give_equal_retention(line):
    assert lengths(str(line.how_long)) == in_the_document(line.tables)


def test_every_personal_table_is_listed_once():
    tables = [table for line in LINES for table in line.tables]
    assert sorted(tables) == sorted({table for (table, _column), _words in about_people()})


@pytest.mark.django_db
def test_page_names_only_tables_there_are():
    there = {table for table, _column in columns()}
    assert {table for line in LINES for table in line.tables} <= there


def test_long_retention_is_said_in_years():
    assert [line.how_long for line in LINES if re.search(r"\d{3}", str(line.how_long))] == []


@pytest.mark.django_db
def test_page_shows_every_line(client):
    page = " ".join(unescape(client.get("/confidentiality/").content.decode()).split())
    for line in LINES:
        assert f"<dt>{line.what}</dt>" in page
        assert f'<dd class="long">{line.how_long}</dd>' in page
    # Whoever comes for one thing need not read all of it first.
    assert page.index('href="#police"') < page.index('id="never"') < page.index('id="police"')


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("until the desk closes, 06:00 at the latest", {"06:00"}),
        ("60 days after the shift, then hours; withdrawn or not there: 14 days", {"60 days", "14 days"}),
        ("two weeks", {"14 days"}),
        ("1 day", {"1 days"}),
        ("until taken back", set()),
    ],
)
def test_lengths_are_read_as_they_are_meant(words, said):
    assert lengths(words) == said
