"""Queries about shifts: which are on, who leads them, how they are staffed; and changes to many at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now

from volunteers.models.people import LetterKind, User
from volunteers.models.posts import Post, replace_posts
from volunteers.models.qualifications import Holding
from volunteers.models.signups import Signup
from volunteers.shared.refusals import NotAllowed
from volunteers.staffing import LEAD, NALOXONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from volunteers.models.posts import Wanted
    from volunteers.models.shifts import Shift

# Opening up and closing down belong to a shift: it is “on” from so long before its start until so long after its end.
AROUND = dt.timedelta(hours=1)
SOON = dt.timedelta(days=7)
# Called with the shifts that were just published, in the same transaction. A module that stands on shifts adds its own.
AFTER_PUBLISHING: list[Callable[[Sequence[Shift]], None]] = []
# The same, with shifts that were just added to the plan: made, or put back.
AFTER_PLANNING: list[Callable[[Sequence[Shift]], None]] = []


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Queries about shifts. Those about staffing count in SQL; `Staffing.lacks` alone decides what a shift lacks."""

    def published(self) -> ShiftQuerySet:
        """Shifts everybody can see and rely on."""
        return self.filter(state="published")

    def planned(self) -> ShiftQuerySet:
        """Shifts that will happen: drafts and published ones."""
        return self.filter(state__in=["draft", "published"])

    def visible_to(self, person: User) -> ShiftQuerySet:
        """All shifts for a planner of the rota; for everybody else all but drafts."""
        return self if person.has_perm("volunteers.plan_rota") else self.exclude(state="draft")

    def upcoming(self, now: dt.datetime) -> ShiftQuerySet:
        """Shifts that are not over."""
        return self.filter(ends_at__gt=now)

    def doors_ahead(self, now: dt.datetime, within: dt.timedelta) -> ShiftQuerySet:
        """Drop-in shifts for the public that run or start within this time; drafts are left out, cancelled ones not."""
        ahead = self.upcoming(now).filter(drop_in=True, starts_at__lt=now + within)
        return ahead.exclude(state="draft").order_by("starts_at", "pk")

    def soon(self, now: dt.datetime) -> ShiftQuerySet:
        """Published shifts that start within a week."""
        return self.published().filter(starts_at__gt=now, starts_at__lte=now + SOON)

    def on_days(self, first: dt.date, last: dt.date) -> ShiftQuerySet:
        """Shifts that start on these days; one past midnight belongs to the day it starts on."""
        return self.filter(
            starts_at__gte=_get_midnight(first), starts_at__lt=_get_midnight(last + dt.timedelta(days=1))
        )

    def on_now(self, now: dt.datetime) -> ShiftQuerySet:
        """Published shifts that run, from an hour before they start until an hour after they end."""
        return self.published().filter(starts_at__lte=now + AROUND, ends_at__gt=now - AROUND)

    def led_by(self, person: User, now: dt.datetime) -> ShiftQuerySet:
        """Shifts on now which this person is on and may lead: they hold “shift lead” on the day it started."""
        mine = Signup.objects.live().filter(person=person, person__is_active=True).values("shift")
        lead = Holding.objects.on(OuterRef("first_day")).filter(person=person, qualification__slug=LEAD)
        return self.on_now(now).filter(pk__in=mine).annotate(first_day=TruncDate("starts_at")).filter(Exists(lead))

    def with_counts(self) -> ShiftQuerySet:
        """Annotate the numbers `Shift.staffing` is made of, in the same statement."""
        on_shift = Signup.objects.counting().filter(shift=OuterRef("pk"))
        held = Holding.objects.on(OuterRef("day_of_shift")).filter(person=OuterRef("person"))
        counted: ShiftQuerySet = self.annotate(
            needed=_count_needed(),
            free=_sum(_posts_of_shift(), Greatest(F("maximum") - F("on"), 0)),
            people_on=_count(on_shift),
            looking=_count(on_shift.looking()),
            has_lead=Exists(on_shift.filter(Exists(held.filter(qualification__slug=LEAD)))),
            has_naloxone=Exists(on_shift.filter(Exists(held.filter(qualification__slug=NALOXONE)))),
        )
        return counted

    def with_people(self) -> ShiftQuerySet:
        """Fetch the posts, the people on them and their holdings; three statements more, however many shifts."""
        return self.prefetch_related(*_people_prefetches())

    def with_staffing(self) -> ShiftQuerySet:
        """Both the numbers and the people: `with_counts` and `with_people`."""
        return self.with_counts().with_people()

    def lacking(self, limit: int | None = None, *, people: bool = False) -> list[Shift]:
        """Shifts that lack something, the soonest first, at most `limit`; with `people` fetched for these alone."""
        soonest = self.with_counts().order_by("starts_at", "pk")
        shifts = [shift for shift in soonest if shift.staffing.lacks][:limit]
        if people:
            prefetch_related_objects(shifts, *_people_prefetches())
        return shifts

    def at_a_glance(self, person: User, now: dt.datetime) -> tuple[Shift | None, int]:
        """The next shift of this person, and how many of the coming week's lack something; one statement."""
        mine = Exists(Signup.objects.live().filter(person=person, shift=OuterRef("pk")))
        coming = self.published().upcoming(now).filter(Q(starts_at__lte=now + SOON) | Q(mine)).with_counts()
        shifts = list(coming.annotate(mine=mine).order_by("starts_at", "pk"))
        return (
            next((shift for shift in shifts if shift.mine), None),
            sum(bool(shift.staffing.lacks) for shift in shifts if now < shift.starts_at <= now + SOON),
        )

    def next_of(self, person: User, now: dt.datetime) -> Shift | None:
        """The next published shift this person is on."""
        mine = Exists(Signup.objects.live().filter(person=person, shift=OuterRef("pk")))
        return self.published().upcoming(now).filter(mine).order_by("starts_at", "pk").first()

    def with_short(self) -> ShiftQuerySet:
        """Annotate `short_of`: how many people each needed more, as counted before its sign-ups were deleted."""
        counted: ShiftQuerySet = self.annotate(short_of=Coalesce(F("short"), _count_needed()))
        return counted

    def remember_short(self, now: dt.datetime) -> int:
        """Write down how many people past shifts were short of, while it can be counted. Returns how many shifts."""
        return self.published().filter(ends_at__lte=now, short__isnull=True).update(short=_count_needed())

    @transaction.atomic
    def tell_of_gaps(self, now: dt.datetime) -> int:
        """Write to the planners, once a day, if published shifts within a week lack something. Returns how many."""
        today = timezone.localdate(now)
        lacking = self.soon(now).exclude(alerted_on=today).lacking()
        number = self.model.objects.filter(pk__in=[shift.pk for shift in lacking]).update(alerted_on=today)
        if number:
            for person in User.objects.planners():
                person.tell(LetterKind.GAPS, reverse("rota:gaps"))
        return number

    def lock(self) -> list[Shift]:
        """These shifts, locked in one order, until the transaction ends. Every change of who is on starts here."""
        return list(self.order_by("pk").select_for_update(no_key=True))

    @transaction.atomic
    def plan(self, *, by: User, posts: Sequence[Wanted], **values: Any) -> Shift:
        """Make a new draft with its posts."""
        refuse_unless_planner(by)
        shift = self.model(**values)
        shift.refuse_if_wrong(*values)
        shift.save()
        replace_posts(shift, posts)
        follow_up_planning([shift])
        return shift

    @transaction.atomic
    def publish(self, *, by: User) -> int:
        """Publish every draft among these; each person on one is told once. Returns how many."""
        refuse_unless_planner(by)
        drafts = self.filter(state="draft").lock()
        people = User.objects.filter(signups__in=Signup.objects.live().filter(shift__in=drafts)).distinct()
        self.model.objects.filter(pk__in=[shift.pk for shift in drafts]).update(state="published")
        for follow_up in AFTER_PUBLISHING:
            follow_up(drafts)
        for person in people:
            person.tell(LetterKind.SHIFTS, reverse("rota:mine"))
        return len(drafts)


def follow_up_planning(shifts: Sequence[Shift]) -> None:
    """Tell the modules that stand on shifts of these new ones, in the same transaction."""
    for follow_up in AFTER_PLANNING:
        follow_up(shifts)


def refuse_unless_planner(by: User) -> None:
    """Raise NotAllowed unless this person plans the rota."""
    if not by.has_perm("volunteers.plan_rota"):
        raise NotAllowed(_now("Only a coordinator can do that."))


def _get_midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _people_prefetches() -> list[Prefetch]:
    held = Prefetch("person__holdings", Holding.objects.select_related("qualification"))
    on_it = (
        Signup.objects.live()
        .with_cover()
        .select_related("person")
        .prefetch_related(held)
        .order_by("person__chosen_name__sorted")
    )
    return [
        Prefetch("posts", Post.objects.select_related("needs"), to_attr="all_posts"),
        Prefetch("signups", on_it, to_attr="on_it"),
    ]


def _posts_of_shift() -> QuerySet[Post]:
    """The posts of the shift in the outer query, each with how many are `on` it."""
    on_post = _count(Signup.objects.counting().filter(post=OuterRef("pk")))
    posts: QuerySet[Post] = Post.objects.filter(shift=OuterRef("pk")).annotate(on=on_post)
    return posts


def _count_needed() -> Coalesce:
    """The number of people that the posts of a shift still need at least, in SQL."""
    return _sum(_posts_of_shift(), Greatest(F("minimum") - F("on"), 0))


def _count(rows: QuerySet[Any]) -> Subquery:
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT"))
    return Subquery(counted.values("n"), output_field=models.IntegerField())


def _sum(rows: QuerySet[Any], number: Greatest) -> Coalesce:
    summed = rows.order_by().annotate(n=Func(number, function="SUM"))
    return Coalesce(Subquery(summed.values("n"), output_field=models.IntegerField()), 0)
