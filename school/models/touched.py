"""Shifts ahead of somebody who does not hold what they ask for: a grant fell away, or runs out before the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from volunteers.eligibility import SCHOOL
from volunteers.models import Qualification, Signup, User


@dataclass(frozen=True)
class Touched:
    """A place on a shift, and what its person does not hold on that day."""

    signup: Signup
    missing: tuple[str, ...]


def touched(person: User, now: dt.datetime) -> list[Touched]:
    """Places this person has on shifts ahead without what those ask for, the nearest first; three statements."""
    ahead = Signup.objects.filter(
        person=person,
        state__in=["confirmed", "looking"],
        shift__starts_at__gt=now,
        shift__state__in=["draft", "published"],
    )
    signups = list(ahead.select_related("shift", "post__needs").order_by("shift__starts_at"))
    if not signups:
        return []
    held = list(person.holdings.select_related("qualification"))
    names = dict(Qualification.objects.values_list("slug", "name"))
    found = []
    for signup in signups:
        day = signup.shift.day
        holds = {one.qualification.slug for one in held if one.since <= day and (one.until is None or one.until > day)}
        wanted = dict.fromkeys([SCHOOL, *([signup.post.needs.slug] if signup.post.needs else [])])
        if missing := tuple(str(names.get(slug, slug)) for slug in wanted if slug not in holds):
            found.append(Touched(signup, missing))
    return found
