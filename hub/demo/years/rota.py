"""The years' shifts with their posts. Of the last sixty days, and of those to come, who is on them as well."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from django.utils import timezone

from hub.demo import rota as present
from hub.demo.answers import ANSWERS
from hub.demo.years.places import places
from hub.demo.years.size import Size
from volunteers.models import Availability, Post, Qualification, RotaPeriod, Shift, Signup, User
from volunteers.models.hours import SIGNUP_RETENTION_DAYS

WEEKS_TO_COME = present.WEEKS_TO_COME
AT_ONCE = 1000


class Slot(NamedTuple):
    """A shift of every week."""

    weekday: int
    title: str
    place: str
    drop_in: bool


BESIDE = (
    Slot(6, "Packing", "", False),
    Slot(0, "Phone line", "", False),
    Slot(3, "Phone line", "", False),
    Slot(6, "Phone line", "", False),
)


def slots(wanted: int) -> list[Slot]:
    """So many shifts a week: three evenings at the hub, three outside, what goes with them, then other places."""
    evenings = (
        Slot(weekday, "Outreach" if place else "Drop-in", place, True)
        for place, weekdays in places()
        for weekday in weekdays
    )
    first = [*islice(evenings, 6), *BESIDE]
    return [*first, *islice(evenings, max(0, wanted - len(first)))][:wanted]


def lay_out(size: Size) -> Iterator[float]:
    """Week after week of published shifts; then the people on those whose sign-ups are kept."""
    random = Random("shifts of years")  # noqa: S311 -- the same world every time is the point
    monday = size.today - dt.timedelta(days=size.today.weekday())
    theirs = monday - dt.timedelta(weeks=present.WEEKS_GONE)  # from here on the hub's own evenings are the demo's
    last = monday + dt.timedelta(weeks=WEEKS_TO_COME)
    lead = Qualification.objects.get(slug=present.LEAD)
    week = size.first_day - dt.timedelta(days=size.first_day.weekday())
    weeks = (last - week).days // 7
    shifts: list[Shift] = []
    for number in range(weeks):
        first = week + dt.timedelta(weeks=number)
        shifts += [
            _shift(random, slot, first + dt.timedelta(days=slot.weekday), size.today)
            for slot in slots(size.shifts_a_week)
            if slot.place or not slot.drop_in or first < theirs
        ]
        if len(shifts) >= AT_ONCE or number == weeks - 1:
            posts = [post for shift in Shift.objects.bulk_create(shifts) for post in _posts(shift, lead)]
            Post.objects.bulk_create(posts)
            shifts = []
            yield 0.8 * (number + 1) / weeks
    _sign_ups(random)
    _answers(random)
    yield 1


def _shift(random: Random, slot: Slot, day: dt.date, today: dt.date) -> Shift:
    starts = timezone.make_aware(dt.datetime.combine(day, dt.time(18 if slot.drop_in else 13)))
    gone = (today - day).days > SIGNUP_RETENTION_DAYS
    return Shift(
        title=slot.title,
        place=slot.place,
        drop_in=slot.drop_in,
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=3),
        state=Shift.State.PUBLISHED,
        short=random.choice((0, 0, 0, 1)) if gone else None,
    )


def _posts(shift: Shift, lead: Qualification) -> list[Post]:
    if shift.drop_in:
        return [
            Post(shift=shift, role="Lead", minimum=1, maximum=1, needs=lead),
            Post(shift=shift, role="Desk", minimum=1, maximum=3),
        ]
    return [Post(shift=shift, role=shift.title, minimum=1, maximum=3)]


def _sign_ups(random: Random) -> None:
    """The past was well staffed; the further off a shift is, the emptier. Nobody is on two things on one day."""
    now = timezone.now()
    since = now - dt.timedelta(days=SIGNUP_RETENTION_DAYS - 1)
    posts = Post.objects.filter(shift__starts_at__gte=since, shift__state=Shift.State.PUBLISHED, signups=None)
    posts = posts.exclude(shift__pattern__isnull=False).select_related("shift").order_by("shift__starts_at", "pk")
    crew = list(User.objects.filter(username__startswith="crew-").order_by("username"))
    leads = {*User.objects.filter(holdings__qualification__slug=present.LEAD).values_list("pk", flat=True)}
    busy: dict[dt.date, set[int]] = defaultdict(set)
    signups = []
    for post in posts:
        day, weeks = post.shift.day, max(0, (post.shift.starts_at - now).days // 7)
        for place in range(post.maximum):
            if random.random() < (0.03 if place < post.minimum else 0.4) + weeks * 0.16:
                continue
            free = [one for one in crew if one.pk not in busy[day] and (post.needs_id is None or one.pk in leads)]
            if free:
                person = random.choice(free)
                busy[day].add(person.pk)
                state = Signup.State.CAME if post.shift.ends_at < now else Signup.State.CONFIRMED
                signups.append(Signup(person=person, post=post, shift=post.shift, state=state))
    Signup.objects.bulk_create(signups)


def _answers(random: Random) -> None:
    """Most of them have said when they can, for the days people are asked about."""
    period = RotaPeriod.objects.open().first()
    crew = User.objects.filter(username__startswith="crew-").order_by("username")
    if period:
        drafts = list(period.shifts().filter(state=Shift.State.DRAFT).order_by("starts_at", "pk"))
        Availability.objects.bulk_create(
            Availability(person=person, shift=shift, answer=random.choice(ANSWERS))
            for person in crew[::2]
            for shift in drafts
        )
