"""Cohorts: people who move through a course together, and the sessions they take."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from school.models.courses import Course
from school.models.find_or_create_person import find_or_create_person
from school.person_lines import PersonLine
from volunteers.models import User
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import personal_data, retention
from volunteers.shared.registries.merging import Join


class CohortQuerySet(models.QuerySet["Cohort"]):
    """Questions about cohorts."""

    def with_counts(self, now: dt.datetime) -> CohortQuerySet:
        """Annotate cohorts with the number of their people, and of their sessions ahead."""
        ahead = Q(sessions__starts_at__gt=now, sessions__state="announced")
        return self.select_related("course").annotate(
            people=Count("members", distinct=True), ahead=Count("sessions", filter=ahead, distinct=True)
        )


class Cohort(models.Model):
    """People who move through a course together."""

    name = NameField(_("name"), max_length=60)
    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="cohorts")
    members = models.ManyToManyField(User, verbose_name=_("people"), related_name="cohorts", blank=True)

    objects = CohortQuerySet.as_manager()

    # Set by `with_counts`.
    people: int
    ahead: int

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            OneName(of="name", name="cohort_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""), name="cohort_name_given", violation_error_message=_("Write a name.")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def add_member(self, line: PersonLine, *, now: dt.datetime) -> str:
        """Add the person this line names, and enrol them in every session ahead. Returns the result in words."""
        Cohort.objects.select_for_update(no_key=True).get(pk=self.pk)
        person, _new = find_or_create_person(line)
        self.members.add(person)
        sessions = self.sessions.announced().ahead(now).order_by("pk")
        states = [
            session.enrolments.take_place(session, person, now=now, by_trainer=True).state for session in sessions
        ]
        placed, waits = states.count("enrolled"), states.count("waiting")
        result = ngettext("%(name)s: on %(n)d session.", "%(name)s: on %(n)d sessions.", placed)
        if waits:
            result += " " + ngettext("Waiting for %(w)d.", "Waiting for %(w)d.", waits)
        return (result if states else _now("%(name)s: in the group.")) % {"name": person, "n": placed, "w": waits}


retention.keep(Cohort, until=retention.FOR_GOOD)
retention.keep(Cohort.members.through, until="until they are taken out", promise="learning")
personal_data.hold(
    Cohort.members.through,
    "user",
    part="school",
    merge=Join(("cohort",), name=_("In groups of the School"), becomes=_("they are in it once."), turn=51),
)
