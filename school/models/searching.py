"""What search finds of the School: sessions, and its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from school.models.sessions import Session
from volunteers.models import User
from volunteers.shared.clock import format_day_and_time
from volunteers.shared.names import contains_words
from volunteers.shared.registries import searching
from volunteers.shared.registries.searching import NamedPage, Searcher, SearchHit

BACK = dt.timedelta(days=400)
MAX_SESSIONS = 400
"""The number of sessions that are looked through: a year's, and all that are planned."""
RUN = "school.run_school"


def find_sessions(person: User, words: str) -> Iterator[SearchHit]:
    """Sessions by their title, topics, group and day: first those that are coming, then those of the last year."""
    now, runs = timezone.now(), person.has_perm(RUN)
    known = Session.objects.visible_to(person).filter(starts_at__gt=now - BACK).order_by("starts_at", "pk")
    sessions = list(known.select_related("cohort").for_a_glance(person)[:MAX_SESSIONS])
    coming = [session for session in sessions if session.ends_at > now]
    past = [session for session in reversed(sessions) if session.ends_at <= now]
    for session in [*coming, *past]:
        when = format_day_and_time(session.starts_at, with_year=True)
        group = session.cohort.name if session.cohort else ""
        if contains_words(" ".join([session.name, *session.titles, group, when]), words):
            view = "school:session-manage" if runs or session.theirs else "school:session"
            state = "" if session.state == Session.State.ANNOUNCED else session.get_state_display()
            about = " · ".join(part for part in (when, group, state) if part)
            yield SearchHit(session.name, reverse(view, args=[session.pk]), about)


searching.register(
    "sessions",
    Searcher(_("Sessions"), "graduation-cap", find_sessions, all_of_them="school:sessions", all_needs=RUN),
)
searching.register_pages(
    NamedPage(_("My School"), "school:mine", words=_("school my sessions")),
    NamedPage(_("Offer a session"), "school:proposals", words=_("school teach")),
    NamedPage(_("The School, now"), "school:manage", RUN),
    NamedPage(_("Sessions"), "school:sessions", RUN, _("school dates")),
    NamedPage(_("Plan a session"), "school:session-add", RUN, _("school new")),
    NamedPage(_("How far everybody is"), "school:progress", RUN, _("school progress")),
    NamedPage(_("Groups"), "school:cohorts", RUN, _("school cohorts")),
    NamedPage(_("Curriculum"), "school:curriculum", RUN, _("settings school courses topics")),
)
