"""Affected shifts: sign-ups ahead of a person who lacks, or will lack by that day, a qualification that is needed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from volunteers.eligibility import SCHOOL
from volunteers.models import Holding, Qualification, Signup, User


@dataclass(frozen=True)
class AffectedShift:
    """A sign-up, and the names of the qualifications that its person lacks on that day."""

    signup: Signup
    missing: tuple[str, ...]


def find_affected_shifts(person: User, now: dt.datetime) -> list[AffectedShift]:
    """Find this person's sign-ups ahead that lack a qualification, the nearest first, in one statement."""
    counts = Q(since__lte=OuterRef("day")) & (Q(until__isnull=True) | Q(until__gt=OuterRef("day")))
    held = Holding.objects.filter(counts, person=person)
    signups = (
        Signup.objects.filter(person=person, state__in=["confirmed", "looking"])
        .filter(shift__starts_at__gt=now, shift__state__in=["draft", "published"])
        .annotate(
            day=TruncDate("shift__starts_at"),
            did_school=Exists(held.filter(qualification__slug=SCHOOL)),
            school=Subquery(Qualification.objects.filter(slug=SCHOOL).values("name")),
            has_it=Exists(held.filter(qualification=OuterRef("post__needs"))),
            asked=F("post__needs__name"),
        )
        .select_related("shift", "post")
        .order_by("shift__starts_at")
    )
    affected = []
    for signup in signups:
        missing = [] if signup.did_school else [signup.school or SCHOOL]
        if signup.asked and not signup.has_it and signup.asked not in missing:
            missing.append(signup.asked)
        if missing:
            affected.append(AffectedShift(signup, tuple(missing)))
    return affected
