"""Calling a session off: what is lost is said first, in numbers. Tries models.losses and views.calling_off."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.school.makers import DAY, a_person, a_session, enrol
from tests.school.test_manage_pages import MANAGE
from tests.school.test_mine import words

pytestmark = pytest.mark.usefixtures("evening")
BOILER = {"because": "The boiler"}


@pytest.fixture
def as_ida(client, sign_in, trainer):
    sign_in(client, trainer)
    return client


@pytest.fixture
def full(course):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, places=3)
    enrol(session, a_person("Wren"))
    enrol(session, a_person("Sol", email="sol@example.org"))
    enrol(session, a_person("Ash", email="ash@example.org"), "offered")
    enrol(session, a_person("Bo"), "waiting")
    return session


def off(session):
    return f"{MANAGE}sessions/{session.pk}/call-off/"


def test_calling_off_says_first_what_is_lost(as_ida, full):
    answer = as_ida.post(off(full), BOILER)

    said = words(answer)
    assert answer.status_code == 200
    assert "2 people have a place." in said
    assert "1 place is held for somebody" in said
    assert "1 person is on the waiting list." in said
    assert "We cannot reach 2 of them by e-mail: Bo, Wren." in said
    assert 'value="The boiler"' in answer.content.decode()
    full.refresh_from_db()
    assert full.is_on

    as_ida.post(off(full), BOILER | {"sure": "yes"})

    full.refresh_from_db()
    assert (full.is_on, full.called_off_because) == (False, "The boiler")


def test_calling_off_asks_with_nobody_on_it(as_ida, course):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, state="planned")

    said = words(as_ida.post(off(session), BOILER))

    assert "Nobody has a place, and nobody waits." in said
    assert "cannot be taken back" in said
    session.refresh_from_db()
    assert session.state == "planned"


def test_called_off_session_is_not_asked_about_again(as_ida, full):
    full.call_off("The boiler", now=timezone.now())

    answer = as_ida.post(off(full), {"because": "Again"})

    assert answer.status_code == 302
    full.refresh_from_db()
    assert full.called_off_because == "The boiler"


def test_session_that_took_place_is_refused_at_once(as_ida, course):
    session = a_session(course, starts_at=timezone.now() - DAY)
    enrol(session, a_person("Wren"), "there")

    answer = as_ida.post(off(session), BOILER)

    assert answer.status_code == 409
    assert "so it has taken place" in words(answer)


def test_question_takes_the_same_statements(as_ida, full, course):
    counts = []
    for number in range(2):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            as_ida.post(off(full), BOILER)
        counts.append(len(statements))
        full.places = 9
        full.save()
        enrol(full, a_person(f"Person {number}"), "waiting")

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Wren", "Wren loses the place. It is held at once for the first of 2 people who wait."),
        ("Bo", "Bo loses the turn. 1 person waits behind; put on again, Bo is last."),
        ("Cam", ""),
    ],
)
def test_taking_off_asks_where_somebody_waits(as_ida, full, name, sentence):
    """A place or a turn that another gets at once is not given back by putting somebody on again."""
    enrol(full, a_person("Cam"), "waiting")
    row = full.enrolments.get(person__chosen_name=name)
    off_it = f"{MANAGE}sessions/{full.pk}/people/{row.pk}/withdraw/"

    answer = as_ida.post(off_it)

    row.refresh_from_db()
    assert (answer.status_code, row.state == "withdrawn") == ((200, False) if sentence else (302, True))
    if sentence:
        assert sentence in words(answer)
        as_ida.post(off_it, {"sure": "yes"})
        row.refresh_from_db()
        assert row.state == "withdrawn"
