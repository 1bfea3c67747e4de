"""Finds sign-ups that two people could exchange."""

from __future__ import annotations

from django.utils import timezone

from volunteers.eligibility import check_eligibility
from volunteers.models.eligibility_queries import fetch_candidates, make_place
from volunteers.models.rota_settings import RotaSettings
from volunteers.models.signups import Signup


def find_swaps(mine: Signup) -> list[Signup]:
    """Sign-ups of others on coming shifts that this one could be swapped for; five statements."""
    now = timezone.now()
    rules = RotaSettings.current().rules
    theirs = list(
        Signup.objects.filter(state__in=["confirmed", "looking"], shift__state="published", shift__starts_at__gt=now)
        .exclude(person=mine.person)
        .exclude(shift=mine.shift, post=mine.post)
        .select_related("shift", "post__needs", "person")
        .order_by("during", "pk")
    )
    people = [*{other.person_id: other.person for other in theirs}.values(), mine.person]
    if not theirs:
        return []
    first = min(mine.shift.starts_at, theirs[0].shift.starts_at)
    last = max(mine.shift.ends_at, *(other.shift.ends_at for other in theirs))
    who = fetch_candidates(people, first, last)
    mine.post.shift = mine.shift
    swaps = []
    for other in theirs:
        other.post.shift = other.shift
        them = who[other.person_id].without(other.shift_id)
        us = who[mine.person_id].without(mine.shift_id)
        both = (make_place(mine.post, taken=0), them), (make_place(other.post, taken=0), us)
        if not any(check_eligibility(place, person, rules, now=now, asked=True) for place, person in both):
            swaps.append(other)
    return swaps
