"""Shifts before those of the present rota: most had the people they needed, and what those gave became hours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from random import Random

from django.db.models import Min
from django.utils import timezone

from hub.demo.rota import EVENINGS, LEAD
from hub.demo.world import OPENING_DAYS
from volunteers.models import Hours, Post, Qualification, Shift, Signup, User

TUESDAY_TO_FRIDAY, LATE, PACKING = EVENINGS
FRIDAY, SATURDAY = 4, 5
EMPTY, SPARE = 0.1, 0.6
"""How often a place that is needed stayed empty, and one that is not."""


def lay_out(first: dt.date) -> None:
    """From this day until the first that is there; sign-ups older than the rota keeps are folded as it folds them."""
    random = Random("shifts of quarters")  # noqa: S311 -- the same world every time is the point
    there = Shift.objects.aggregate(first=Min("starts_at"))["first"]
    days = (timezone.localdate(there) - first).days if there else 0
    lead = Qualification.objects.get(slug=LEAD)
    shifts = Shift.objects.bulk_create(
        shift for number in range(days) if (shift := _shift(first + dt.timedelta(days=number)))
    )
    posts = Post.objects.bulk_create(post for shift in shifts for post in _posts(shift, lead))
    Signup.objects.bulk_create(_came(random, posts))
    Hours.objects.fold_old(timezone.now())


def _shift(day: dt.date) -> Shift | None:
    """What was on that day, if anything: the evenings we open, and every other Saturday packing."""
    if day.weekday() in OPENING_DAYS:
        title, _rule, starts, ends, drop_in = LATE if day.weekday() == FRIDAY else TUESDAY_TO_FRIDAY
    elif day.weekday() == SATURDAY and not day.toordinal() // 7 % 2:
        title, _rule, starts, ends, drop_in = PACKING
    else:
        return None
    begin, end = (timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(one))) for one in (starts, ends))
    return Shift(
        title=title,
        drop_in=drop_in,
        starts_at=begin,
        ends_at=end if end > begin else end + dt.timedelta(days=1),
        state=Shift.State.PUBLISHED,
    )


def _posts(shift: Shift, lead: Qualification) -> list[Post]:
    if shift.drop_in:
        return [
            Post(shift=shift, role="Lead", minimum=1, maximum=1, needs=lead),
            Post(shift=shift, role="Desk", minimum=1, maximum=3),
        ]
    return [Post(shift=shift, role="Packing", minimum=2, maximum=4)]


def _came(random: Random, posts: list[Post]) -> list[Signup]:
    """Who was on each; nobody twice on one day."""
    people = list(User.objects.active().filter(holdings__qualification__slug="school-done").order_by("username"))
    leads = {*User.objects.filter(holdings__qualification__slug=LEAD).values_list("pk", flat=True)}
    busy: defaultdict[dt.date, set[int]] = defaultdict(set)
    signups = []
    for post in posts:
        day = post.shift.day
        for place in range(post.maximum):
            if random.random() < (EMPTY if place < post.minimum else SPARE):
                continue
            able = [one for one in people if one.pk not in busy[day] and (post.needs is None or one.pk in leads)]
            if able:
                person = random.choice(able)
                busy[day].add(person.pk)
                signups.append(Signup(person=person, post=post, shift=post.shift, state=Signup.State.CAME))
    return signups
