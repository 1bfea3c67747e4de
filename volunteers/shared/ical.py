"""A person's shifts as an iCalendar file. Knows no database.

A calendar lies on other people's computers. So an entry has a time, a neutral title and an opaque id: no place, no
person, no title of the shift.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, Event, vDuration

MAKER = "-//-//Shifts//EN"
LOOK_AGAIN = dt.timedelta(hours=4)
COUNTED_FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class CalendarEntry:
    """One shift in somebody's calendar.

    `uid` never changes, and `sequence` rises with every change, so that calendars replace the earlier entry. A
    cancelled entry is still listed: left out, it would stay in some calendars for good. A tentative one waits for an
    answer. A public one is about a place that is open, and takes up nobody's time.
    """

    uid: str
    starts: dt.datetime
    ends: dt.datetime
    title: str
    sequence: int = 0
    cancelled: bool = False
    tentative: bool = False
    public: bool = False

    @property
    def status(self) -> str:
        """The status in the words of the standard."""
        return "CANCELLED" if self.cancelled else "TENTATIVE" if self.tentative else "CONFIRMED"


def calendar(entries: Iterable[CalendarEntry], *, name: str) -> bytes:
    """These entries as bytes, equal for equal entries in whatever order they come."""
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", MAKER)
    whole.add("calscale", "GREGORIAN")
    # Outlook takes a calendar without it for an invitation.
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", name)
    whole.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(LOOK_AGAIN))
    for entry in sorted(entries, key=lambda item: (item.starts.astimezone(dt.UTC), item.uid)):
        whole.add_component(_write_event(entry))
    return bytes(whole.to_ical())


def _write_event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    # In UTC, which no clock change touches and which needs no table of time zones beside it.
    event.add("dtstart", entry.starts.astimezone(dt.UTC))
    event.add("dtend", entry.ends.astimezone(dt.UTC))
    # Asked for by the standard, and some calendars look at nothing else: it rises with the sequence. When we wrote it
    # down is nobody's business, so it counts from a day that is the same for everybody.
    event.add("dtstamp", COUNTED_FROM + entry.sequence * dt.timedelta(minutes=1))
    event.add("summary", entry.title)
    event.add("class", "PUBLIC" if entry.public else "PRIVATE")
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT" if entry.cancelled or entry.public else "OPAQUE")
    return event
