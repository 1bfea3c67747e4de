"""Calendars, read back by icalendar and by a reader of our own."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tests.volunteers.read_ical import read
from volunteers.shared.ical import CalendarEntry, calendar

LONDON = ZoneInfo("Europe/London")


def at(*when):
    return dt.datetime(*when, tzinfo=LONDON)


def entry(uid="5f0c", starts=None, ends=None, **more):
    return CalendarEntry(uid, starts or at(2026, 6, 5, 18), ends or at(2026, 6, 5, 22), "Shift", **more)


def both(raw):
    """Start, end, status and sequence by uid, as each of the two readers has them."""
    library = {
        str(event["uid"]): (
            event.decoded("dtstart"),
            event.decoded("dtend"),
            str(event["status"]),
            int(event["sequence"]),
        )
        for event in Calendar.from_ical(raw).walk("VEVENT")
    }
    _whole, events = read(raw)
    ours = {event["UID"]: (event["DTSTART"], event["DTEND"], event["STATUS"], event["SEQUENCE"]) for event in events}
    return library, ours


def test_nothing_is_said_but_when():
    raw = calendar([entry()], name="Shifts")

    assert raw.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//-//Shifts//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Shifts",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "BEGIN:VEVENT",
        "SUMMARY:Shift",
        "DTSTART:20260605T170000Z",
        "DTEND:20260605T210000Z",
        "DTSTAMP:20200101T000000Z",
        "UID:5f0c",
        "SEQUENCE:0",
        "CLASS:PRIVATE",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [
        (at(2026, 6, 5, 22), at(2026, 6, 6, 2), 4),
        (at(2026, 3, 28, 22), at(2026, 3, 29, 4), 5),
        (at(2026, 10, 24, 22), at(2026, 10, 25, 4), 7),
        (at(2026, 12, 31, 22), at(2027, 1, 1, 3), 5),
    ],
    ids=["over midnight", "clocks forward", "clocks back", "into the new year"],
)
def test_both_readers_find_the_hours_that_pass(starts, ends, hours):
    library, ours = both(calendar([entry(starts=starts, ends=ends)], name="Shifts"))

    assert library == ours
    ((found_start, found_end, _status, _sequence),) = ours.values()
    assert (found_start, found_end - found_start) == (starts, dt.timedelta(hours=hours))


def test_repeated_hour_is_unambiguous():
    first, second = at(2026, 10, 25, 1, 30), at(2026, 10, 25, 1, 30).replace(fold=1)
    _library, ours = both(calendar([entry(starts=first, ends=second)], name="Shifts"))

    ((starts, ends, *_rest),) = ours.values()
    assert ends - starts == dt.timedelta(hours=1)


def test_cancelled_one_is_carried_with_a_higher_number():
    library, ours = both(calendar([entry(), entry("9d1a", sequence=3, cancelled=True)], name="Shifts"))

    assert library == ours
    assert {uid: (status, sequence) for uid, (_start, _end, status, sequence) in ours.items()} == {
        "5f0c": ("CONFIRMED", 0),
        "9d1a": ("CANCELLED", 3),
    }


def test_empty_calendar_is_still_one():
    assert both(calendar([], name="Shifts")) == ({}, {})


def test_same_entries_are_the_same_bytes():
    first, other = entry(), entry("0000", starts=at(2026, 6, 1, 18))

    assert calendar([first, other], name="Shifts") == calendar([other, first], name="Shifts")


MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(LONDON))  # noqa: DTZ001


@given(
    st.lists(
        st.tuples(st.uuids(), MOMENTS, st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=2)), st.booleans()),
        unique_by=lambda row: row[0],
        max_size=5,
    ),
    st.text(st.characters(categories=("L", "P", "S", "N"), exclude_characters="\\"), min_size=1, max_size=90),
)
def test_both_readers_agree_on_anything(rows, name):
    entries = [
        CalendarEntry(str(uid), starts.replace(microsecond=0), (starts.astimezone(dt.UTC) + long), name, cancelled=off)
        for uid, starts, long, off in rows
    ]
    raw = calendar(entries, name=name)
    library, ours = both(raw)

    assert library == ours
    assert set(ours) == {each.uid for each in entries}
    assert {event["SUMMARY"] for event in read(raw)[1]} == ({name} if entries else set())
