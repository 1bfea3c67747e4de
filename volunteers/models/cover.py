"""Who counts as cover: the one rule of which sign-ups staff a shift, for every number, list and letter."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from volunteers.eligibility import SCHOOL
from volunteers.models.qualifications import Holding

DAY_OF_SHIFT = {"day_of_shift": TruncDate("shift__starts_at")}
"""What `is_cover` reads, as an alias of the query of sign-ups."""


def is_cover(now: dt.datetime | None = None) -> Q:
    """The condition that a live sign-up counts.

    Its person may sign in, and on the day of the shift has done the School and holds what the post needs. Whoever was
    there counts, and so does everybody on a shift that is over: what they lost since changes nothing about it.
    """
    held = Holding.objects.on(OuterRef("day_of_shift")).filter(person=OuterRef("person"))
    can = (
        Q(person__is_active=True)
        & Q(Exists(held.filter(qualification__slug=SCHOOL)))
        & (Q(post__needs=None) | Q(Exists(held.filter(qualification=OuterRef("post__needs")))))
    )
    return Q(state="came") | Q(during__endswith__lte=now or timezone.now()) | can
