"""Sessions in somebody's own calendar, beside their shifts: a time and a neutral word."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from school.models import Enrolment, Session
from school.models.enrolment_queryset import TAKING
from volunteers.models import User
from volunteers.shared import ical


def list_calendar_entries(person: User, since: dt.datetime) -> list[ical.CalendarEntry]:
    """Sessions they have a place in, or give, that end after `since`; one statement.

    What was once in their calendar stays as a cancelled entry: a place given back, a hold that has run out, a session
    called off, or one they do not give any more.
    """
    mine = person.enrolments.filter(session=OuterRef("pk")).exclude(state="waiting", revision=0)
    changes = person.facilitator_changes.filter(session=OuterRef("pk"))
    gives = Session.facilitators.through.objects.filter(session=OuterRef("pk"), user=person)
    sessions = (
        Session.objects.filter(ends_at__gt=since, state__in=["announced", "cancelled"])
        .annotate(
            gives_it=Subquery(gives.values("pk")[:1]),
            changes=Subquery(changes.values("number")),
            my_state=Subquery(mine.values("state")),
            my_hold=Subquery(mine.values("held_until")),
            my_revision=Subquery(mine.values("revision")),
        )
        .filter(Q(gives_it__isnull=False) | Q(changes__isnull=False) | Q(my_state__isnull=False))
    )
    return [_make_entry(session, person, timezone.now()) for session in sessions]


def _make_entry(session: Session, person: User, now: dt.datetime) -> ical.CalendarEntry:
    about = vars(session)
    state, hold, gives = about["my_state"], about["my_hold"], about["gives_it"] is not None
    # Nobody may have looked at the waiting list since: it has run out all the same, and the next look counts it.
    lapsed = state == Enrolment.State.OFFERED and hold is not None and hold <= now
    # Nobody is told of having been marked as not there.
    goes = gives or (state in (*TAKING, Enrolment.State.NOT_THERE) and not lapsed)
    return ical.CalendarEntry(
        uid=salted_hmac("school.calendars", f"{session.pk}:{person.pk}").hexdigest()[:32],
        starts=session.starts_at,
        ends=session.ends_at,
        title=_("Session"),
        sequence=session.revision + (about["my_revision"] or 0) + (about["changes"] or 0) + lapsed,
        cancelled=not session.is_on or not goes,
        tentative=state == Enrolment.State.OFFERED and not gives,
    )
