"""The past's shifts with their posts. The busy demo has those to come as well, and who is on them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from django.db.models import Min
from django.utils import timezone

from hub.demo.availability import ANSWERS
from hub.demo.past.places import list_places
from hub.demo.past.size import Size
from hub.demo.rota import EVENINGS, LEAD, WEEKS_GONE, WEEKS_TO_COME
from hub.demo.world import OPENING_DAYS
from volunteers.models import Availability, Hours, Post, Qualification, RotaPeriod, Shift, Signup, User
from volunteers.models.hours import SIGNUP_RETENTION_DAYS

TUESDAY_TO_FRIDAY, LATE, PACKING = EVENINGS
FRIDAY, SATURDAY = 4, 5
BATCH_SIZE = 1000
PLAIN_EMPTY, BUSY_EMPTY = (0.1, 0.6), (0.03, 0.4)
"""How often a place that is needed stayed empty, and one that is not."""
PLAIN_HELPERS, BUSY_HELPERS = (2, 4), (1, 3)
"""How many people a shift without a drop-in needs, and takes."""


class WeeklySlot(NamedTuple):
    """A shift of every week."""

    weekday: int
    title: str
    place: str
    drop_in: bool


OTHER_SLOTS = (
    WeeklySlot(6, "Packing", "", False),
    WeeklySlot(0, "Phone line", "", False),
    WeeklySlot(3, "Phone line", "", False),
    WeeklySlot(6, "Phone line", "", False),
)


def add_plain_shifts(size: Size) -> Iterator[float]:
    """Add shifts from the first month until the rota begins. Sign-ups older than the rota keeps become hours."""
    random = Random("shifts of quarters")  # noqa: S311 -- the same world every time is the point
    first = size.reported_months[0]
    begins = Shift.objects.aggregate(first=Min("starts_at"))["first"]
    days = (timezone.localdate(begins) - first).days if begins else 0
    shifts = Shift.objects.bulk_create(
        shift for number in range(days) if (shift := _make_plain_shift(first + dt.timedelta(days=number)))
    )
    posts = _add_posts(shifts, PLAIN_HELPERS)
    trained = User.objects.active().filter(holdings__qualification__slug="school-done").order_by("username")
    needed, spare = PLAIN_EMPTY
    _sign_up(random, posts, trained, lambda post, place: needed if place < post.minimum else spare)
    Hours.objects.fold_old(timezone.now())
    yield 1


def _make_plain_shift(day: dt.date) -> Shift | None:
    """Make the shift of that day, if any: the evenings we open, and packing every other Saturday."""
    if day.weekday() in OPENING_DAYS:
        title, _rule, starts, ends, drop_in = LATE if day.weekday() == FRIDAY else TUESDAY_TO_FRIDAY
    elif day.weekday() == SATURDAY and not day.toordinal() // 7 % 2:
        title, _rule, starts, ends, drop_in = PACKING
    else:
        return None
    begin, end = (
        timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(clock))) for clock in (starts, ends)
    )
    return Shift(
        title=title,
        drop_in=drop_in,
        starts_at=begin,
        ends_at=end if end > begin else end + dt.timedelta(days=1),
        state=Shift.State.PUBLISHED,
    )


def list_weekly_slots(wanted: int) -> list[WeeklySlot]:
    """Plan a number of shifts a week: three evenings at the hub, three outside, then other places."""
    evenings = (
        WeeklySlot(weekday, "Outreach" if place else "Drop-in", place, True)
        for place, weekdays in list_places()
        for weekday in weekdays
    )
    first = [*islice(evenings, 6), *OTHER_SLOTS]
    return [*first, *islice(evenings, max(0, wanted - len(first)))][:wanted]


def add_busy_shifts(size: Size) -> Iterator[float]:
    """Add week after week of published shifts; then the people on those whose sign-ups are kept."""
    random = Random("shifts of years")  # noqa: S311 -- the same world every time is the point
    monday = size.today - dt.timedelta(days=size.today.weekday())
    present = monday - dt.timedelta(weeks=WEEKS_GONE)  # from here on the hub's own evenings are the demo's
    last = monday + dt.timedelta(weeks=WEEKS_TO_COME)
    week = size.first_day - dt.timedelta(days=size.first_day.weekday())
    weeks = (last - week).days // 7
    shifts: list[Shift] = []
    for number in range(weeks):
        first = week + dt.timedelta(weeks=number)
        shifts += [
            _make_busy_shift(random, slot, first + dt.timedelta(days=slot.weekday), size.today)
            for slot in list_weekly_slots(size.shifts_a_week)
            if slot.place or not slot.drop_in or first < present
        ]
        if len(shifts) >= BATCH_SIZE or number == weeks - 1:
            _add_posts(Shift.objects.bulk_create(shifts), BUSY_HELPERS)
            shifts = []
            yield 0.8 * (number + 1) / weeks
    _sign_up_crew(random)
    _add_answers(random)
    yield 1


def _make_busy_shift(random: Random, slot: WeeklySlot, day: dt.date, today: dt.date) -> Shift:
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


def _add_posts(shifts: Iterable[Shift], helpers: tuple[int, int]) -> list[Post]:
    """Add a lead and a desk to every drop-in, and one post for `helpers` to every other shift."""
    lead = Qualification.objects.get(slug=LEAD)
    posts = []
    for shift in shifts:
        if shift.drop_in:
            posts.append(Post(shift=shift, role="Lead", minimum=1, maximum=1, needs=lead))
            posts.append(Post(shift=shift, role="Desk", minimum=1, maximum=3))
        else:
            posts.append(Post(shift=shift, role=shift.title, minimum=helpers[0], maximum=helpers[1]))
    return Post.objects.bulk_create(posts)


def _sign_up_crew(random: Random) -> None:
    """Sign up the busy demo's crew. The past was well staffed; the further off a shift is, the emptier."""
    now = timezone.now()
    since = now - dt.timedelta(days=SIGNUP_RETENTION_DAYS - 1)
    posts = Post.objects.filter(shift__starts_at__gte=since, shift__state=Shift.State.PUBLISHED, signups=None)
    posts = posts.exclude(shift__pattern__isnull=False).select_related("shift").order_by("shift__starts_at", "pk")
    needed, spare = BUSY_EMPTY

    def get_odds(post: Post, place: int) -> float:
        weeks_ahead = max(0, (post.shift.starts_at - now).days // 7)
        return (needed if place < post.minimum else spare) + weeks_ahead * 0.16

    crew = User.objects.filter(username__startswith="crew-").order_by("username")
    _sign_up(random, posts, crew, get_odds)


def _sign_up(
    random: Random, posts: Iterable[Post], people: Iterable[User], get_odds: Callable[[Post, int], float]
) -> None:
    """Put people on posts, nobody twice on one day. `get_odds` says how often a place stays empty."""
    now = timezone.now()
    everybody = list(people)
    leads = {*User.objects.filter(holdings__qualification__slug=LEAD).values_list("pk", flat=True)}
    busy: defaultdict[dt.date, set[int]] = defaultdict(set)
    signups = []
    for post in posts:
        day = post.shift.day
        for place in range(post.maximum):
            if random.random() < get_odds(post, place):
                continue
            free = [
                person
                for person in everybody
                if person.pk not in busy[day] and (post.needs_id is None or person.pk in leads)
            ]
            if free:
                person = random.choice(free)
                busy[day].add(person.pk)
                state = Signup.State.CAME if post.shift.ends_at < now else Signup.State.CONFIRMED
                signups.append(Signup(person=person, post=post, shift=post.shift, state=state))
    Signup.objects.bulk_create(signups)


def _add_answers(random: Random) -> None:
    """Let half of the crew say when they can, for the days people are asked about."""
    period = RotaPeriod.objects.open().first()
    crew = User.objects.filter(username__startswith="crew-").order_by("username")
    if period:
        drafts = list(period.shifts().filter(state=Shift.State.DRAFT).order_by("starts_at", "pk"))
        Availability.objects.bulk_create(
            Availability(person=person, shift=shift, answer=random.choice(ANSWERS))
            for person in crew[::2]
            for shift in drafts
        )
