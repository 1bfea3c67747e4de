"""An evening in May, and the smallest School that has everything."""

import datetime as dt

import pytest
import time_machine

from tests.school.makers import NOW, a_course, a_session


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def evening():
    """It is the evening of the 13th of May 2026, at seven."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def course(db):
    return a_course()


@pytest.fixture
def session(course):
    """Tomorrow, with room for two."""
    return a_session(course, starts_at=NOW + dt.timedelta(days=1), places=2)
