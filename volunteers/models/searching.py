"""What search finds of people and the rota: people, shifts, and their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import User
from volunteers.models.shifts import Shift
from volunteers.shared.clock import format_day_and_time
from volunteers.shared.names import contains_words
from volunteers.shared.registries import searching
from volunteers.shared.registries.searching import NamedPage, Searcher, SearchHit

BACK = dt.timedelta(days=60)
MAX_SHIFTS = 400
"""The number of shifts that are looked through: those of the last weeks, and all that are planned."""


def find_people(_person: User, words: str) -> list[SearchHit]:
    """People by their names, those who may sign in first."""
    people = User.objects.search(words).order_by("-is_active", "chosen_name__sorted", "pk")
    return [
        SearchHit(
            person.chosen_name,
            reverse("volunteers:person", args=[person.pk]),
            person.pronouns if person.is_active else _now("paused"),
        )
        for person in people[: searching.LIMIT + 1]
    ]


def find_shifts(person: User, words: str) -> Iterator[SearchHit]:
    """Shifts by what they are, their place and their day: first those that are coming, then those of late."""
    now = timezone.now()
    known = Shift.objects.visible_to(person).filter(starts_at__gt=now - BACK).order_by("starts_at", "pk")
    shifts = list(known[:MAX_SHIFTS])
    coming = [shift for shift in shifts if shift.ends_at > now]
    of_late = [shift for shift in reversed(shifts) if shift.ends_at <= now]
    for shift in [*coming, *of_late]:
        when = format_day_and_time(shift.starts_at, with_year=True)
        if contains_words(f"{shift.title} {shift.place} {when}", words):
            state = "" if shift.state == Shift.State.PUBLISHED else shift.get_state_display()
            about = " · ".join(part for part in (when, shift.place, state) if part)
            yield SearchHit(shift.title, reverse("rota:shift", args=[shift.pk]), about)


searching.register(
    "people",
    Searcher(_("People"), "users", find_people, needs="volunteers.view_user", all_of_them="volunteers:people"),
)
searching.register("shifts", Searcher(_("Shifts"), "calendar-days", find_shifts))
PLAN = "volunteers.plan_rota"
searching.register_pages(
    NamedPage(_("Rota"), "rota:week", words=_("shifts week")),
    NamedPage(_("My shifts"), "rota:mine", words=_("rota")),
    NamedPage(_("Take a shift"), "rota:take", words=_("rota")),
    NamedPage(_("Gaps"), "rota:gaps", words=_("rota needs somebody")),
    NamedPage(_("Add a shift"), "rota:shift-new", PLAN, _("new rota")),
    NamedPage(_("Patterns"), "rota:patterns", PLAN, _("rota repeat every week")),
    NamedPage(_("Asking when people can"), "periods:list", PLAN, _("rota availability")),
    NamedPage(_("People"), "volunteers:people", "volunteers.view_user", _("volunteers")),
    NamedPage(_("Invite somebody"), "volunteers:invite", "volunteers.add_invitation", _("people new")),
    NamedPage(_("Your page"), "volunteers:me", words=_("settings name e-mail letters")),
    NamedPage(_("How you sign in"), "mfa_index", words=_("settings password second step passkey")),
)
