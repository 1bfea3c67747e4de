"""Times of day in templates, by the hub's clock. A builtin: no template has to load it."""

from __future__ import annotations

import datetime as dt

from django import template

from volunteers.shared import clock

register = template.Library()


@register.filter(name="clock", expects_localtime=True)
def clock_filter(moment: dt.datetime | dt.time | None) -> str:
    """`{{ shift.starts_at|clock }}`: a time of day; nothing for nothing."""
    return clock.format_time(moment) if moment else ""


@register.filter(expects_localtime=True)
def clock_day(moment: dt.datetime | None) -> str:
    """`{{ row.held_until|clock_day }}`: a day in words and a time; nothing for nothing."""
    return clock.format_day_and_time(moment) if moment else ""


@register.filter(expects_localtime=True)
def clock_to(starts: dt.datetime | dt.time, ends: dt.datetime | dt.time) -> str:
    """`{{ shift.starts_at|clock_to:shift.ends_at }}`: both times."""
    return clock.format_span(starts, ends)
