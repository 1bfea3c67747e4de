"""The days and times of repeating shifts: reads RRULEs safely. Knows no database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from django.utils.translation import gettext as _

# What a rota needs. The other parts of the language repeat within a day, or can search for ever and find nothing.
_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_DATE = "([1-9]|[12][0-9]|3[01])"
_MONTH = "([1-9]|1[0-2])"
PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY",
    "INTERVAL": "[1-9]|[1-5][0-9]",
    "COUNT": "[1-9][0-9]{0,3}",
    "UNTIL": "[0-9]{8}(T[0-9]{6}Z?)?",
    "BYDAY": f"[+-]?[1-5]?{_DAY}(,[+-]?[1-5]?{_DAY}){{0,30}}",
    "BYMONTHDAY": f"-?{_DATE}(,-?{_DATE}){{0,30}}",
    "BYMONTH": f"{_MONTH}(,{_MONTH}){{0,11}}",
    "BYSETPOS": "-?[1-5](,-?[1-5]){0,5}",
    "WKST": _DAY,
}
LONGEST_RULE = 200
MOST_AT_ONCE = 200
FURTHEST = dt.timedelta(days=400)


class NotARule(ValueError):
    """The rule is invalid or repeats nothing; the message is a sentence for its author."""


def read(text: str, start: dt.date) -> rrule:
    """The rule, counted from a day. Raises NotARule."""
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _equals, value = part.partition("=")
        if name in parts or not re.fullmatch(PARTS.get(name, r"(?!)"), value):
            raise NotARule(_("We cannot read “%(part)s” in that rule.") % {"part": part[:40]})
        parts[name] = value
    if "FREQ" not in parts:
        raise NotARule(_("Say how often it repeats: FREQ=DAILY, WEEKLY or MONTHLY."))
    if parts["FREQ"] == "DAILY" and not parts.keys().isdisjoint({"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}):
        raise NotARule(_("For certain days use FREQ=WEEKLY or FREQ=MONTHLY."))
    if "COUNT" in parts and "UNTIL" in parts:
        raise NotARule(_("Give it an end by COUNT or by UNTIL, not by both."))
    try:
        return cast(
            "rrule",
            rrulestr(
                ";".join(f"{name}={value}" for name, value in parts.items()),
                dtstart=dt.datetime.combine(start, dt.time()),
                ignoretz=True,
            ),
        )
    except ValueError:
        raise NotARule(_("We cannot read that rule.")) from None


def days(rule: rrule, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days of the rule between two days, both included. An endless rule ends there."""
    fallen: list[dt.date] = []
    for moment in rule.xafter(dt.datetime.combine(first, dt.time()), inc=True):
        if moment.date() > last:
            break
        fallen.append(moment.date())
    return fallen


def few_days(rule: rrule, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days of the rule for making shifts. Raises NotARule where they are too many, or too far apart."""
    if last - first > FURTHEST:
        raise NotARule(_("That is more than a year at once. Choose an earlier end."))
    fallen = days(rule, first, last)
    if len(fallen) > MOST_AT_ONCE:
        raise NotARule(
            _("That would make more than %(most)d shifts at once. Choose an earlier end.") % {"most": MOST_AT_ONCE}
        )
    return fallen


def on_the_clock(
    day: dt.date, starts: dt.time, ends: dt.time, zone: ZoneInfo
) -> tuple[dt.datetime, dt.datetime] | None:
    """Start and end by the clock on the wall; an end not after the start is on the next day.

    None on the night the clocks go forward, if that leaves nothing of it. A time the clock skips is the moment an
    hour later, a time it shows twice is the first of the two.
    """
    start = dt.datetime.combine(day, starts, tzinfo=zone)
    end = dt.datetime.combine(day if ends > starts else day + dt.timedelta(days=1), ends, tzinfo=zone)
    start_utc, end_utc = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    return (start_utc, end_utc) if end_utc > start_utc else None


def bank_holidays(region: str, years: Collection[int]) -> dict[dt.date, str]:
    """The bank holidays of a part of the United Kingdom, by name; none without a region."""
    if not region:
        return {}
    import holidays  # noqa: PLC0415 -- half a second to load, and few pages ask

    return dict(holidays.country_holidays("GB", subdiv=region, years=sorted(years)))
