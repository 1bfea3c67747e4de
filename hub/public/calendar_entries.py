"""The public calendar: openings and School dates as the public pages tell them, with a time and a neutral word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from school.models import Session
from volunteers.models import Shift
from volunteers.shared.ical import CalendarEntry


def list_public_entries(now: dt.datetime, within: dt.timedelta) -> Iterator[CalendarEntry]:
    """Openings of this time ahead, and all sessions the public may come to; two statements.

    One that is cancelled stays as a cancelled entry, and its words say so too: some calendars show nothing else of it.
    """
    for shift in Shift.objects.all().doors_ahead(now, within):
        words = _("Not open") if shift.is_cancelled else _("Open")
        yield _make_entry("shift", shift, words, cancelled=shift.is_cancelled)
    for session in Session.objects.announced_or_off().ahead(now).filter(public=True):
        words = _("Session") if session.is_on else _("No session")
        yield _make_entry("session", session, words, cancelled=not session.is_on)


def _make_entry(kind: str, plan: Shift | Session, words: str, *, cancelled: bool) -> CalendarEntry:
    return CalendarEntry(
        uid=salted_hmac("hub.public.calendar_entries", f"{kind}:{plan.pk}").hexdigest()[:32],
        starts=plan.starts_at,
        ends=plan.ends_at,
        title=words,
        sequence=plan.revision,
        cancelled=cancelled,
        public=True,
    )
