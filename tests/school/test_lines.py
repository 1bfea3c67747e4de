"""Lines that somebody pastes, read without a database."""

import pytest

from school.lines import MOST_LINES, Wrong, read


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
    (line,) = read(text)

    assert (line.name, line.email, line.new, line.wrong) == (name, email, new, None)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (", ash@example.org", Wrong.NO_NAME),
        ("ash@example.org", Wrong.NO_NAME),
        ("@", Wrong.NO_NAME),
        ("+", Wrong.NO_NAME),
        ("A" * 61, Wrong.TOO_LONG),
        ("Ash, ash@example", Wrong.EMAIL),
        ("Ash, ash at example.org", Wrong.EMAIL),
        ("Ash, ash@example.org, more", Wrong.EMAIL),
        ("A\x00sh", Wrong.UNREADABLE),
        ("A\x1bsh", Wrong.UNREADABLE),
    ],
)
def test_line_that_names_nobody_says_why(text, wrong):
    (line,) = read(text)

    assert line.wrong == wrong


def test_sign_in_name():
    (line,) = read("@ash")

    assert (line.sign_in, line.name, line.wrong) == ("ash", "", None)


def test_empty_lines_are_none_and_numbers_are_those_of_the_box():
    assert [(line.number, line.name) for line in read("\n\nAsh\n  \nBo\n")] == [(3, "Ash"), (5, "Bo")]


def test_same_line_twice_is_a_slip_unless_it_has_a_plus():
    assert [line.wrong for line in read("Sam\nsam\n+Sam")] == [None, Wrong.TWICE, None]


def test_lines_beyond_the_most_are_said_to_be_too_many():
    lines = read("\n".join(f"Person {number}" for number in range(MOST_LINES + 2)))

    assert [line.wrong for line in lines[-3:]] == [None, Wrong.TOO_MANY, Wrong.TOO_MANY]
