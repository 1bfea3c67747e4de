"""Sessions in somebody's own calendar, beside their shifts: a time and a neutral word."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from school.models import Session
from school.models.enrolment_queryset import TAKING
from volunteers.models import User
from volunteers.shared import ical


def list_calendar_entries(person: User, since: dt.datetime) -> list[ical.CalendarEntry]:
    """Sessions they have a place in, or give, that end after `since`; given back and called off ones as cancelled."""
    gives = Session.facilitators.through.objects.filter(session=OuterRef("pk"), user=person)
    mine = person.enrolments.filter(session=OuterRef("pk")).exclude(state="waiting")
    sessions = (
        Session.objects.filter(ends_at__gt=since, state__in=["announced", "cancelled"])
        .annotate(gives_it=Exists(gives), my_state=Subquery(mine.values("state")[:1]))
        .filter(Q(gives_it=True) | Q(my_state__isnull=False))
    )
    return [
        ical.CalendarEntry(
            uid=salted_hmac("school.calendars", f"{session.pk}:{person.pk}").hexdigest()[:32],
            starts=session.starts_at,
            ends=session.ends_at,
            title=_("Session"),
            sequence=session.revision,
            cancelled=not session.is_on or not (session.gives_it or session.my_state in TAKING),
        )
        for session in sessions
    ]
