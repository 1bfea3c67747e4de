"""The public calendar of openings and School dates, read back as calendars do: hub/public/calendar_entries.py."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from hub.models import Hub
from tests.school.makers import a_course, a_session
from tests.volunteers.read_ical import read, read_as_programs_do
from tests.volunteers.rota_world import NOW, a_shift, at

pytestmark = pytest.mark.django_db
PATH = "/calendar.ics"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def events(client):
    """The events of the calendar, as all three readers have them."""

    def fetch():
        answer = client.get(PATH)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        _whole, events = read(answer.content)
        library = Calendar.from_ical(answer.content).walk("VEVENT")
        programs = read_as_programs_do(answer.content)
        assert {str(event["uid"]) for event in library} == {event["UID"] for event in events} == set(programs)
        return sorted(events, key=lambda event: event["DTSTART"])

    return fetch


def test_calendar_says_when_and_nothing_else(events, client):
    Hub.objects.create(pk=1, name="Corner House", address="1 Side Street", show_address=True)
    a_shift(at("2026-11-26"), title="Festival welfare", place="Under the bridge", note="Bring the keys")
    a_session(a_course(), starts_at=at("2026-11-27"), title="Using alone", place="Room 2", public=True)

    opening, session = events()

    assert opening | {"UID": ""} == {
        "UID": "",
        "SEQUENCE": 0,
        "DTSTART": at("2026-11-26"),
        "DTEND": at("2026-11-26", "21:00"),
        "DTSTAMP": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        "SUMMARY": "Open",
        "CLASS": "PUBLIC",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
    }
    assert session["SUMMARY"] == "Session"
    raw = client.get(PATH).content.decode()
    for word in ("Corner", "Side Street", "Festival", "bridge", "keys", "Using", "Room", "School", "Hub", "hub"):
        assert word not in raw


@pytest.mark.parametrize(
    ("hidden", "about"),
    [
        ("draft", {"state": "draft"}),
        ("not for the public", {"drop_in": False}),
        ("over", {"starts_at": NOW - dt.timedelta(days=1)}),
    ],
)
def test_hidden_shift_is_left_out_of_calendar(events, client, hidden, about):
    a_shift(**{"starts_at": at("2026-11-26")} | about)

    assert events() == [], hidden


@pytest.mark.parametrize("about", [{"state": "planned"}, {"public": False}])
def test_session_not_for_the_public_is_left_out(events, about):
    a_session(a_course(), starts_at=at("2026-11-27"), **{"public": True} | about)

    assert events() == []


def test_cancelled_opening_is_carried_and_counts_up(events, coordinator):
    shift = a_shift(at("2026-11-26"))
    (planned,) = events()
    shift.cancel("Flood", by=coordinator)
    (off,) = events()
    shift.restore(by=coordinator)
    (on_again,) = events()
    shift.move(at("2026-11-26", "19:00"), at("2026-11-26", "22:00"), by=coordinator)
    (moved,) = events()

    assert [each["STATUS"] for each in (planned, off, on_again, moved)] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
        "CONFIRMED",
    ]
    assert [each["SEQUENCE"] for each in (planned, off, on_again, moved)] == [0, 1, 2, 3]
    assert {each["UID"] for each in (planned, off, on_again, moved)} == {planned["UID"]}
    # Some calendars show a cancelled entry as any other.
    assert off["SUMMARY"] == "Not open"
    assert moved["DTSTART"] == at("2026-11-26", "19:00")


def test_cancelled_session_is_carried_and_counts_up(events):
    session = a_session(a_course(), starts_at=at("2026-11-27"), public=True)
    (before,) = events()
    session.call_off("Nobody to give it", now=NOW)
    (after,) = events()

    assert (after["UID"], after["STATUS"], after["SUMMARY"]) == (before["UID"], "CANCELLED", "No session")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_ids_tell_nothing_and_differ(events):
    shift = a_shift(at("2026-11-26"))
    a_session(a_course(), starts_at=at("2026-11-27"), public=True, pk=shift.pk)

    first, second = events()

    assert first["UID"] != second["UID"]
    assert {len(event["UID"]) for event in (first, second)} == {32}


def test_calendar_can_be_asked_again_cheaply(client):
    a_shift(at("2026-11-26"))
    answer = client.get(PATH)
    again = client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]})

    assert again.status_code == 304
    assert answer.cookies == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_calendar_statements(client, rows, django_assert_num_queries):
    course = a_course()
    for n in range(rows):
        a_shift(at("2026-11-26", f"{10 + n}:00"))
        a_session(course, starts_at=at("2026-11-27", f"{10 + n}:00"), public=True)
    client.get(PATH)
    with django_assert_num_queries(3):
        client.get(PATH)


@pytest.mark.parametrize("page", ["hub:front", "school:front"])
def test_page_leads_to_the_calendar(client, settings, page):
    settings.SITE_URL = "https://hub.example.org"
    a_shift(at("2026-11-26"))
    shown = client.get(reverse(page)).content.decode()

    assert 'href="webcal://hub.example.org/calendar.ics"' in shown
    assert "https://hub.example.org/calendar.ics" in shown
