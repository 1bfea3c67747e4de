"""Why a place stayed empty, in words."""

import pytest

from volunteers.fill import FillReason
from volunteers.fill.why import sentence


@pytest.mark.parametrize(
    ("what", "why", "words"),
    [
        ("Shift lead", {"said_no": 2}, "Two people hold “Shift lead”: both said no."),
        ("Shift lead", {"said_no": 1}, "One person holds “Shift lead”: they said no."),
        ("Shift lead", {"silent": 1}, "One person holds “Shift lead”: they have not answered."),
        ("Shift lead", {}, "Nobody will have “Shift lead” on that day."),
        ("", {}, "Nobody may take it yet."),
        ("", {"silent": 3}, "Three people could be asked: all have not answered."),
        (
            "First aid",
            {"silent": 1, "said_no": 12},
            "13 people hold “First aid”: 12 said no; one has not answered.",
        ),
        (
            "",
            {"has_enough": 1, "too_near": 2},
            (
                "Three people could be asked: two are on other shifts too close to it; one has as many shifts as they "
                "want."
            ),
        ),
    ],
)
def test_why(what, why, words):
    assert sentence(what, why) == words


@pytest.mark.parametrize("reason", list(FillReason))
@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_reason_has_words(reason, number):
    assert "%" not in sentence("", {reason.value: number, "said_no": 1})
