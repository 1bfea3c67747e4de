"""A person's School at a glance: their next session, and their progress."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from school.models.courses import Course
from school.models.progress import Progress, load_progress
from school.models.sessions import Session
from volunteers.models import User

MAX_SESSIONS = 3


@dataclass(frozen=True)
class SchoolGlance:
    """Their next sessions, the ones they give among them; and where they stand, while they are still learning."""

    sessions: list[Session]
    progress: list[Progress]

    @classmethod
    def of(cls, person: User, now: dt.datetime) -> SchoolGlance:
        """Load it: one statement for somebody with a role, six for somebody in training."""
        near = Session.objects.in_feed_of(person).filter(ends_at__gt=now).order_by("starts_at", "pk")
        courses = [] if person.role_names else list(Course.objects.taught().joined_by(person).with_modules())
        return cls(
            sessions=list(near.for_a_glance(person)[:MAX_SESSIONS]),
            progress=load_progress(courses, [person], now=now) if courses else [],
        )
