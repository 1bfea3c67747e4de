"""Lines that somebody pastes, read without a database."""

import pytest

from school.person_lines import MAX_LINES, LineProblem, read_lines


@pytest.mark.parametrize(
    ("text", "name", "email", "new"),
    [
        ("Ash", "Ash", "", False),
        ("  Ash  ", "Ash", "", False),
        ("Ash, ash@example.org", "Ash", "ash@example.org", False),
        ("Ash; ASH@Example.org", "Ash", "ash@example.org", False),
        ("Ash\t<ash@example.org>", "Ash", "ash@example.org", False),
        ("+Ash", "Ash", "", True),
        ("Zoë Ó Briain-Nguyễn", "Zoë Ó Briain-Nguyễn", "", False),
    ],
)
def test_line_names_somebody(text, name, email, new):
    (line,) = read_lines(text)

    assert (line.name, line.email, line.new, line.problem) == (name, email, new, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (", ash@example.org", LineProblem.NO_NAME),
        ("ash@example.org", LineProblem.NO_NAME),
        ("@", LineProblem.NO_NAME),
        ("+", LineProblem.NO_NAME),
        ("A" * 61, LineProblem.TOO_LONG),
        ("Ash, ash@example", LineProblem.EMAIL),
        ("Ash, ash at example.org", LineProblem.EMAIL),
        ("Ash, ash@example.org, more", LineProblem.EMAIL),
        ("A\x00sh", LineProblem.UNREADABLE),
        ("A\x1bsh", LineProblem.UNREADABLE),
    ],
)
def test_line_that_names_nobody_says_why(text, problem):
    (line,) = read_lines(text)

    assert line.problem == problem


def test_sign_in_name():
    (line,) = read_lines("@ash")

    assert (line.sign_in, line.name, line.problem) == ("ash", "", None)


def test_empty_lines_are_skipped_in_numbering():
    assert [(line.number, line.name) for line in read_lines("\n\nAsh\n  \nBo\n")] == [(3, "Ash"), (5, "Bo")]


def test_repeated_line_needs_a_plus():
    assert [line.problem for line in read_lines("Sam\nsam\n+Sam")] == [None, LineProblem.TWICE, None]


def test_too_many_lines_are_refused():
    lines = read_lines("\n".join(f"Person {number}" for number in range(MAX_LINES + 2)))

    assert [line.problem for line in lines[-3:]] == [None, LineProblem.TOO_MANY, LineProblem.TOO_MANY]


# --- Lists from spreadsheets, mails and notes


def named(text):
    return [(line.name, line.email, line.problem) for line in read_lines(text)]


TABLES = {
    "byte order mark": "\ufeffName,E-mail\r\nAsh,ash@example.org\r\nBo,\r\n",
    "tabs and an empty column": "Name\t\tE-mail\nAsh\t\tash@example.org\nBo\t\t\n",
    "semicolons and quotes": '"Name";"Phone";"E-mail"\n"Ash";"";"ASH@example.org"\n"Bo";;\n',
    "more columns": "No.,Pronouns,Full name,Team,Email address\n1,they,Ash,Desk,ash@example.org\n2,she,Bo,Tea,\n",
    "the e-mail first": "E-mail;Name\nash@example.org;Ash\n;Bo\n",
    "without headings": "Ash,,ash@example.org,\nBo,,,\n",
    "numbered": "1\tAsh\tash@example.org\n2\tBo\t\n",
    "a mail's list": 'Ash <ash@example.org>; "Bo"',
    "mail addresses": '"Ash" <mailto:ash@example.org>\nBo',
    "bullets": "• Ash (ash@example.org)\n* Bo",
    "dashes": "- Ash – ash@example.org\n– Bo",
    "numbers": "1. Ash ash@example.org\n2) Bo",
    "boxes": "- [x] Ash, <ash@example.org>\n- [ ] Bo",
    "quoted": "“Ash”, ash@example.org\n‘Bo’",
    "blanks": "\u00a0 Ash\u2003,\u00a0ash@example.org\u200b \n\n\u200b\n  Bo\t",
    "an empty first column": "\tAsh\tash@example.org\n\tBo\t",
    "a heading alone": "Name\nAsh, ash@example.org\nBo",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_list_is_read_as_it_was_pasted(text):
    assert named(text) == [("Ash", "ash@example.org", None), ("Bo", "", None)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("First name,Last name,Email\nAsh,Grey,a@example.org", "Ash Grey"),
        ('"Grey, Ash" <a@example.org>', "Grey, Ash"),
        ("Robert “Bo” O’Brien, a@example.org", "Robert “Bo” O’Brien"),
        ("Jean-Luc <a@example.org>", "Jean-Luc"),
        ("Ash 2 <a@example.org>", "Ash 2"),
    ],
)
def test_whole_name_is_read(text, name):
    assert named(text) == [(name, "a@example.org", None)]


@pytest.mark.parametrize(
    "text",
    ["Ash, Bo", "Grey; Ash; 07700 900123", "Ash, ash@example.org, bo@example.org", "Ash <ash@example>", "Ash\tyes\tno"],
)
def test_line_that_is_not_clear_is_asked_about(text):
    (line,) = read_lines(text)

    assert (line.problem, line.text) == (LineProblem.EMAIL, text)


@pytest.mark.parametrize(
    "again", ["ASH GREY", "Ash\u00a0Grey", "As\u00adh Grey", "- Ash  Grey", "Ａsh Grey", "“Ash Grey”", "3. ash grey"]
)
def test_name_written_otherwise_is_the_same(again):
    assert [line.problem for line in read_lines(f"Ash Grey\n{again}")] == [None, LineProblem.TWICE]
