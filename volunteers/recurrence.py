"""The days and times of repeating shifts: reads RRULEs safely. Knows no database."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule, rrulestr
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
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
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_RULE_LENGTH = 200
MAX_AT_ONCE = 200
FURTHEST = dt.timedelta(days=400)


class NotARule(ValueError):
    """The rule is invalid or repeats nothing; the message is a sentence for its author."""


def split(text: str) -> dict[str, str]:
    """The parts of a rule, by name. Raises NotARule."""
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
        raise NotARule(_("Write COUNT or UNTIL for the end, not both."))
    return parts


def read(text: str, start: dt.date) -> rrule:
    """The rule, counted from a day. Raises NotARule."""
    parts = split(text)
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
    if len(fallen) > MAX_AT_ONCE:
        raise NotARule(
            _("That would make more than %(most)d shifts at once. Choose an earlier end.") % {"most": MAX_AT_ONCE}
        )
    return fallen


def lacking_months(text: str, start: dt.date, first: dt.date, last: dt.date) -> list[str]:
    """A sentence for each day of a monthly rule that a month between two days does not have. Raises NotARule."""
    parts = split(text)
    if parts["FREQ"] != "MONTHLY":
        return []
    last = min(last, _get_end(parts, read(text, start), first, last))
    every, months = int(parts.get("INTERVAL", 1)), _numbers(parts, "BYMONTH") or range(1, 13)
    sentences: list[str] = []
    month = max(first, start).replace(day=1)
    while month <= last:
        since = (month.year - start.year) * 12 + month.month - start.month
        if since % every == 0 and month.month in months:
            sentences += _get_lacking(parts, month, start)
        month += relativedelta(months=1)
    return sentences


def _get_end(parts: dict[str, str], rule: rrule, first: dt.date, last: dt.date) -> dt.date:
    """The day after which the rule repeats no more, as far as it is known between two days."""
    if "UNTIL" in parts:
        return dt.date.fromisoformat(parts["UNTIL"][:8])
    if "COUNT" in parts and rule.after(dt.datetime.combine(last, dt.time())) is None:
        return max(days(rule, first, last), default=dt.date.min)
    return last


def _get_lacking(parts: dict[str, str], month: dt.date, start: dt.date) -> Iterator[str]:
    length = monthrange(month.year, month.month)[1]
    name = date_format(month, "YEAR_MONTH_FORMAT")
    weekdays = [(int(day[:-2] or 0), DAY_CODES.index(day[-2:])) for day in parts.get("BYDAY", "").split(",") if day]
    dates = _numbers(parts, "BYMONTHDAY") or ([] if weekdays else [start.day])
    positions = _numbers(parts, "BYSETPOS")
    if positions and not dates and len(weekdays) == 1 and not weekdays[0][0]:
        # “BYDAY=TU;BYSETPOS=5” is another way to write “BYDAY=5TU”.
        weekdays, positions = [(position, weekdays[0][1]) for position in positions], []
    if positions or (weekdays and dates):
        found = [day for day in range(1, length + 1) if _is_due(month.replace(day=day), length, weekdays, dates)]
        if not found or any(abs(position) > len(found) for position in positions):
            yield _("%(month)s does not have every day of this rule.") % {"month": name}
        return
    for number, weekday in weekdays:
        if not _has(month, length, number, weekday):
            yield _("%(month)s has no fifth %(day)s.") % {"month": name, "day": WEEKDAYS[weekday]}
    for date in sorted(map(abs, dates)):
        if date > length:
            yield _("%(month)s has no day %(day)d.") % {"month": name, "day": date}


def _is_due(day: dt.date, length: int, weekdays: list[tuple[int, int]], dates: list[int]) -> bool:
    from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
    return (not dates or day.day in dates or day.day - length - 1 in dates) and (
        not weekdays or any(day.weekday() == on and number in {0, from_start, from_end} for number, on in weekdays)
    )


def _has(month: dt.date, length: int, number: int, weekday: int) -> bool:
    """Whether a month has so many of a weekday; counted from its end, it has as many."""
    first = (weekday - month.weekday()) % 7 + 1
    return first + 7 * (abs(number) - 1) <= length


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    return [int(number) for number in parts.get(name, "").split(",") if number]


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
