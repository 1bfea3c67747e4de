"""What somebody is on, as a calendar other programs read. Knows no database.

A calendar lies on other people's computers: an entry has a time, a word that fits any job, and a name nobody can
make sense of. No place, no person, no shift's own name.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, Event, vDuration

MAKER = "-//-//Shifts//EN"
LOOK_AGAIN = dt.timedelta(hours=4)


@dataclass(frozen=True)
class CalendarEntry:
    """One shift in somebody's calendar.

    `uid` stays the same as long as the entry does, and `sequence` rises with every change, so that calendars replace
    what they had. A cancelled one is still carried: left out, it would stay in some calendars for good.
    """

    uid: str
    starts: dt.datetime
    ends: dt.datetime
    title: str
    sequence: int = 0
    cancelled: bool = False


def calendar(entries: Iterable[CalendarEntry], *, name: str) -> bytes:
    """These entries, the same bytes for the same entries in whatever order they come."""
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", MAKER)
    whole.add("calscale", "GREGORIAN")
    whole.add("x-wr-calname", name)
    whole.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(LOOK_AGAIN))
    for entry in sorted(entries, key=lambda one: (one.starts.astimezone(dt.UTC), one.uid)):
        whole.add_component(_event(entry))
    return bytes(whole.to_ical())


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    # In UTC, which no clock change touches and which needs no table of time zones beside it.
    event.add("dtstart", entry.starts.astimezone(dt.UTC))
    event.add("dtend", entry.ends.astimezone(dt.UTC))
    # Asked for by the standard. When we wrote it down is nobody's business, so it says when the shift is.
    event.add("dtstamp", entry.starts.astimezone(dt.UTC))
    event.add("summary", entry.title)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    return event
