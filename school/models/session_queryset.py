"""Questions about sessions: which are ahead, who may see them, and what is still to be said of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce

from school.completion import OutcomeState
from school.models.courses import Module
from volunteers.models import User
from volunteers.shared.name_queries import MAX_WORDS

if TYPE_CHECKING:
    from school.models.sessions import Session  # noqa: F401 -- what the questions below are about


class SessionQuerySet(models.QuerySet["Session"]):
    """Questions about sessions."""

    def announced(self) -> SessionQuerySet:
        """Sessions people can take places in: neither planned nor cancelled."""
        return self.filter(state="announced")

    def announced_or_off(self) -> SessionQuerySet:
        """Sessions that are announced, and those that were called off."""
        return self.filter(state__in=["announced", "cancelled"])

    def ahead(self, now: dt.datetime) -> SessionQuerySet:
        """Sessions that have not begun, the next one first."""
        return self.filter(starts_at__gt=now).order_by("starts_at", "pk")

    def over(self, now: dt.datetime) -> SessionQuerySet:
        """Sessions that have begun, the latest first."""
        return self.filter(starts_at__lte=now).order_by("-starts_at", "-pk")

    def named(self, words: str) -> SessionQuerySet:
        """Sessions whose title, topics or cohort hold every one of these words."""
        sessions = self
        for word in words.split()[:MAX_WORDS]:
            about = Q(pk__in=self.model.objects.filter(modules__title__like=word).values("pk"))
            sessions = sessions.filter(Q(title__like=word) | about | Q(cohort__name__like=word))
        return sessions

    def public(self, now: dt.datetime) -> SessionQuerySet:
        """Sessions that the public can ask to join."""
        return self.announced().ahead(now).filter(public=True)

    def run_by(self, person: User) -> SessionQuerySet:
        """Sessions this person looks after: all for a trainer, else the ones they give themselves."""
        if person.has_perm("school.run_school"):
            return self
        return self.filter(pk__in=self.model.facilitators.through.objects.filter(user=person).values("session"))

    def visible_to(self, person: User) -> SessionQuerySet:
        """Sessions this person may read about: announced ones, and those they look after or have a place in."""
        if person.has_perm("school.run_school"):
            return self
        return self.filter(
            Q(state="announced", public=True)
            | Q(pk__in=self.model.facilitators.through.objects.filter(user=person).values("session"))
            | Q(pk__in=person.enrolments.values("session"))
            | Q(state="announced", cohort__members=person)
        ).distinct()

    def in_feed_of(self, person: User) -> SessionQuerySet:
        """Sessions in this person's calendar: those with a place for them, and those they give."""
        return (
            self.announced()
            .filter(
                Q(enrolments__person=person, enrolments__state__in=["enrolled", "offered", "there"])
                | Q(facilitators=person)
            )
            .distinct()
        )

    def relevant_to(self, person: User, now: dt.datetime) -> SessionQuerySet:
        """Sessions this person could join, has a place in, or gives, until they are over or settled."""
        gives = self.model.facilitators.through.objects.filter(session=OuterRef("pk"), user=person)
        mine = person.enrolments.filter(session=OuterRef("pk"), state__in=["enrolled", "offered", "waiting", "there"])
        group = Q(public=True) | Q(cohort__in=person.cohorts.all())
        return (
            self.annotate(theirs=Exists(gives), mine=Exists(mine))
            .filter(
                Q(Q(state="announced", starts_at__gt=now) & group)
                | Q(mine=True, ends_at__gt=now)
                | Q(theirs=True, settled_on__isnull=True)
            )
            .order_by("starts_at", "pk")
        )

    def with_modules(self) -> SessionQuerySet:
        """Prefetch the modules of sessions, in the order of the curriculum."""
        modules = Module.objects.select_related("course", "strand").order_by("course", "order", "pk")
        return self.select_related("cohort").prefetch_related(Prefetch("modules", modules, to_attr="topics"))

    def for_a_glance(self, person: User) -> SessionQuerySet:
        """Annotate sessions with module titles, and whether this person gives them, in one statement."""
        titles = Module.objects.filter(sessions=OuterRef("pk")).order_by("order", "pk").values("title")
        gives = self.model.facilitators.through.objects.filter(session=OuterRef("pk"), user=person)
        return self.annotate(titles=ArraySubquery(titles), theirs=Exists(gives))

    def with_missing_outcomes(self) -> SessionQuerySet:
        """Sessions with a closed register and missing outcomes, with the number of those, the oldest first."""
        outcomes = (
            Module.objects.filter(
                sessions=OuterRef("pk"),
                outcomes__state__in=[OutcomeState.DONE, OutcomeState.TOGETHER],
                outcomes__person__enrolments__session=OuterRef("pk"),
                outcomes__person__enrolments__state="there",
            )
            .order_by()
            .values(one=Value(1))
            .annotate(n=Count("outcomes"))
            .values("n")
        )
        there = Count("enrolments", filter=Q(enrolments__state="there"), distinct=True)
        return (
            self.filter(register_closed_on__isnull=False, settled_on__isnull=True)
            .annotate(missing_outcomes=there * Count("parts", distinct=True) - Coalesce(Subquery(outcomes), 0))
            .filter(missing_outcomes__gt=0)
            .order_by("starts_at", "pk")
        )

    def with_counts(self) -> SessionQuerySet:
        """Annotate sessions with the numbers of places taken, of people waiting and of people unmarked."""
        return self.annotate(
            taken=Count(
                "enrolments",
                filter=Q(enrolments__state__in=["enrolled", "offered"], enrolments__person__is_active=True)
                | Q(enrolments__state="there"),
            ),
            waiting=Count("enrolments", filter=Q(enrolments__state="waiting", enrolments__person__is_active=True)),
            unmarked=Count("enrolments", filter=Q(enrolments__state="enrolled")),
        )
