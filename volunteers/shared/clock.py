"""Times of day and weeks as this hub writes them: “8 pm to midnight” or “20:00–00:00”, from Monday or from Sunday.

The one formatter. Templates use its tags, `volunteers/templatetags/clock.py`.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from volunteers.shared import locality

NOON = 12


def uses_twelve_hours() -> bool:
    """Whether the hub chose them, and the language of the page has words for them: “6 pm” is English to its readers."""
    if locality.known().clock == "24":
        return False
    english = (get_language() or "en").startswith("en")
    return english or _("%(time)s pm") != "%(time)s pm"


def format_time(moment: dt.datetime | dt.time) -> str:
    """A time by the hub's clock: “8 pm”, “8:30 pm”, “noon”, “midnight”; or “20:00”."""
    if isinstance(moment, dt.datetime):
        moment = timezone.localtime(moment).time() if timezone.is_aware(moment) else moment.time()
    if not uses_twelve_hours():
        return f"{moment:%H:%M}"
    if moment.minute == 0 and moment.hour in (0, NOON):
        return _("noon") if moment.hour else _("midnight")
    hour = moment.hour % NOON or NOON
    written = f"{hour}:{moment:%M}" if moment.minute else str(hour)
    return (_("%(time)s am") if moment.hour < NOON else _("%(time)s pm")) % {"time": written}


def format_span(starts: dt.datetime | dt.time, ends: dt.datetime | dt.time) -> str:
    """Two times by the hub's clock: “8 pm to midnight”; or “20:00–00:00”."""
    first, last = format_time(starts), format_time(ends)
    if not uses_twelve_hours():
        return f"{first}–{last}"
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def format_day_and_time(moment: dt.datetime, *, with_year: bool = False) -> str:
    """A day in words and a time: “Friday 4 December, 8 pm”; with its year where it may be long ago."""
    local = timezone.localtime(moment)
    day = date_format(local, _("l j F Y") if with_year else _("l j F"))
    return _("%(day)s, %(time)s") % {"day": day, "time": format_time(local)}


def get_week_start(day: dt.date, first_weekday: int | None = None) -> dt.date:
    """The first day of the week of a day, by the hub's week unless another is given."""
    first = locality.known().first_weekday if first_weekday is None else first_weekday
    return day - dt.timedelta(days=(day.weekday() - first) % 7)
