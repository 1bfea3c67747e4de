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
