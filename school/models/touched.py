"""The places in sessions ahead, and the sessions ahead, that hang on one person being able to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from school.models.enrolments import Enrolment
from school.models.sessions import Session
from volunteers.models import LetterKind, User
from volunteers.models.people_queryset import RoleName
from volunteers.shared.registries import touched
from volunteers.shared.registries.touched import TouchedPlace

if TYPE_CHECKING:
    import datetime as dt

    from volunteers.models import Holding


def find_touched_sessions(person: User, now: dt.datetime, without: Holding | None) -> Iterator[TouchedPlace]:
    """Find the sessions ahead they have a place in or wait for, and those they give; no session needs a holding."""
    if without is not None:
        return
    mine = person.enrolments.filter(state__in=["enrolled", "offered", "waiting"]).values("session")
    ahead = Session.objects.announced().ahead(now).filter(Q(pk__in=mine) | Q(facilitators=person)).distinct()
    for session in ahead.for_a_glance(person):
        words = _("%(name)s, which they give") if session.theirs else _("%(name)s: a place at the School")
        yield TouchedPlace(
            "session", session.starts_at, words % {"name": session.name}, session.get_absolute_url(), session
        )


def pass_places_on(places: list[TouchedPlace], by: User | None, now: dt.datetime) -> None:
    """Give the places to who waits, and tell who gives these sessions, or every trainer where nobody else does."""
    for place in places:
        session: Session = place.about
        Enrolment.objects.move_waiting_list(session, now)
        givers = list(session.facilitators.filter(is_active=True).order_by("pk"))
        for person in [each for each in givers if each != by] or User.objects.in_role(RoleName.TRAINER).order_by("pk"):
            if person != by:
                person.tell(LetterKind.SCHOOL, session.get_absolute_url())


touched.register("session", find_touched_sessions, pass_places_on)
