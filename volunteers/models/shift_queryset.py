"""Questions about shifts: which are on, who leads them, what they lack; and what is done to many at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Count, Exists, ExpressionWrapper, F, Func, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now

from volunteers.models.people import Topic, User
from volunteers.models.qualifications import Holding
from volunteers.shared.refusals import NotAllowed
from volunteers.staffing import LEAD, NALOXONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from volunteers.models.posts import Wanted
    from volunteers.models.shifts import Shift
    from volunteers.models.signups import Signup

# Opening up and closing down belong to a shift: it is “on” from so long before its start until so long after its end.
AROUND = dt.timedelta(hours=1)
LIVE = ("confirmed", "looking", "came")
ALONE = 1
SOON = dt.timedelta(days=7)


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Questions about shifts."""

    def published(self) -> ShiftQuerySet:
        """Those everybody can see and rely on."""
        return self.filter(state="published")

    def planned(self) -> ShiftQuerySet:
        """Those that will happen: drafts and published ones."""
        return self.filter(state__in=["draft", "published"])

    def visible_to(self, person: User) -> ShiftQuerySet:
        """All of them for who plans the rota; nobody else sees a draft."""
        return self if person.has_perm("volunteers.plan_rota") else self.exclude(state="draft")

    def upcoming(self, now: dt.datetime) -> ShiftQuerySet:
        """Those that are not over."""
        return self.filter(ends_at__gt=now)

    def doors_ahead(self, now: dt.datetime, within: dt.timedelta) -> ShiftQuerySet:
        """When people can come in, as published: what runs and what starts within this time, cancelled ones too."""
        ahead = self.upcoming(now).filter(drop_in=True, starts_at__lt=now + within)
        return ahead.exclude(state="draft").order_by("starts_at", "pk")

    def soon(self, now: dt.datetime) -> ShiftQuerySet:
        """Published ones that start within a week."""
        return self.published().filter(starts_at__gt=now, starts_at__lte=now + SOON)

    def on_days(self, first: dt.date, last: dt.date) -> ShiftQuerySet:
        """Those that start on these days; one past midnight belongs to the day it starts on."""
        return self.filter(starts_at__gte=_midnight(first), starts_at__lt=_midnight(last + dt.timedelta(days=1)))

    def on_now(self, now: dt.datetime) -> ShiftQuerySet:
        """Published shifts that run, from an hour before they start until an hour after they end."""
        return self.published().filter(starts_at__lte=now + AROUND, ends_at__gt=now - AROUND)

    def led_by(self, person: User, now: dt.datetime) -> ShiftQuerySet:
        """Shifts on now which this person is on and may lead: they hold “shift lead” on the day it started."""
        from volunteers.models.signups import Signup  # noqa: PLC0415 -- sign-ups point at shifts

        mine = Signup.objects.live().filter(person=person, person__is_active=True).values("shift")
        day = OuterRef("first_day")
        lead = Holding.objects.filter(person=person, qualification__slug=LEAD, since__lte=day)
        return (
            self.on_now(now)
            .filter(pk__in=mine)
            .annotate(first_day=TruncDate("starts_at"))
            .filter(Exists(lead.filter(Q(until__isnull=True) | Q(until__gt=day))))
        )

    def with_staffing(self) -> ShiftQuerySet:
        """Shifts with their posts, the people on them and what those hold: three statements, however many there are."""
        from volunteers.models.posts import Post  # noqa: PLC0415 -- posts point at shifts
        from volunteers.models.signups import Signup  # noqa: PLC0415 -- the same

        held = Prefetch("person__holdings", Holding.objects.select_related("qualification"))
        on_it = Signup.objects.live().select_related("person").prefetch_related(held).order_by("person__chosen_name")
        return self.prefetch_related(
            Prefetch("posts", Post.objects.select_related("needs"), to_attr="all_posts"),
            Prefetch("signups", on_it, to_attr="on_it"),
        )

    def lacking(self) -> ShiftQuerySet:
        """Those that lack something."""
        found: ShiftQuerySet = self.with_lacks().filter(lacks=True)
        return found

    def at_a_glance(self, person: User, now: dt.datetime) -> tuple[Shift | None, int]:
        """The next shift of this person, and how many of the coming week's lack something; one statement."""
        from volunteers.models.signups import Signup  # noqa: PLC0415 -- sign-ups point at shifts

        mine = Exists(Signup.objects.live().filter(person=person, shift=OuterRef("pk")))
        coming = self.published().upcoming(now).filter(Q(starts_at__lte=now + SOON) | Q(mine)).with_lacks()
        shifts = list(coming.annotate(mine=mine).order_by("starts_at", "pk"))
        return (
            next((shift for shift in shifts if shift.mine), None),
            sum(shift.lacks for shift in shifts if now < shift.starts_at <= now + SOON),
        )

    def with_lacks(self) -> Any:
        """With whether each lacks something, in the same statement: what `Staffing.lacks` says of one, of many."""
        from volunteers.models.posts import Post  # noqa: PLC0415 -- posts point at shifts
        from volunteers.models.signups import Signup  # noqa: PLC0415 -- the same

        live, day = Signup.objects.live().filter(shift=OuterRef("pk")), OuterRef("first_day")
        on_post = Count("signups", filter=Q(signups__state__in=LIVE))
        short = Post.objects.filter(shift=OuterRef("pk")).annotate(on=on_post).filter(on__lt=F("minimum"))
        held = Holding.objects.filter(
            Q(until__isnull=True) | Q(until__gt=day),
            since__lte=day,
            person__signups__shift=OuterRef("pk"),
            person__signups__state__in=LIVE,
        )
        led, trained = (held.filter(qualification__slug=slug) for slug in (LEAD, NALOXONE))
        lacks = (
            Q(Exists(short))
            | Q(Exists(live.looking()))
            | Q(drop_in=True) & (Q(people_on__lte=ALONE) | ~Q(Exists(led)) | ~Q(Exists(trained)))
        )
        people_on = Count("signups", filter=Q(signups__state__in=LIVE), distinct=True)
        return self.annotate(first_day=TruncDate("starts_at"), people_on=people_on).annotate(
            lacks=ExpressionWrapper(lacks, output_field=models.BooleanField())
        )

    def with_short(self) -> ShiftQuerySet:
        """Annotate `short_of`: how many people each needed more, as counted before its sign-ups were forgotten."""
        found: ShiftQuerySet = self.annotate(short_of=Coalesce(F("short"), _needed_more()))
        return found

    def remember_short(self, now: dt.datetime) -> int:
        """Write down how many people past shifts were short of, while it can be counted. Returns how many shifts."""
        return self.published().filter(ends_at__lte=now, short__isnull=True).update(short=_needed_more())

    @transaction.atomic
    def tell_of_gaps(self, now: dt.datetime) -> int:
        """Write to those who plan, once a day, if a published shift within a week lacks something. How many do."""
        today = timezone.localdate(now)
        short = self.soon(now).lacking().exclude(alerted_on=today).values_list("pk", flat=True)
        number = self.model.objects.filter(pk__in=list(short)).update(alerted_on=today)
        if number:
            for person in User.objects.planners():
                person.tell(Topic.GAPS, reverse("rota:gaps"))
        return number

    def lock(self) -> list[Shift]:
        """These shifts, locked in one order, until the transaction ends. Whoever changes who is on starts here."""
        return list(self.order_by("pk").select_for_update(no_key=True))

    @transaction.atomic
    def plan(self, *, by: User, posts: Sequence[Wanted], **values: Any) -> Shift:
        """A new draft with its posts."""
        refuse_unless_planner(by)
        shift = self.model(**values)
        shift.refuse_if_wrong(*values)
        shift.save()
        shift.set_posts(posts)
        return shift

    @transaction.atomic
    def publish(self, *, by: User) -> int:
        """Publish every draft among these; each person on one is told once. Returns how many."""
        from volunteers.models.availability import Availability  # noqa: PLC0415 -- it points at shifts
        from volunteers.models.periods import Period  # noqa: PLC0415 -- periods ask about shifts

        refuse_unless_planner(by)
        drafts = self.filter(state="draft").lock()
        people = User.objects.filter(signups__in=_live(drafts)).distinct()
        self.model.objects.filter(pk__in=[shift.pk for shift in drafts]).update(state="published")
        # What people said about when they can has done its work.
        Availability.objects.filter(shift__in=drafts).delete()
        Period.objects.close_out()
        for person in people:
            person.tell(Topic.SHIFTS, reverse("rota:mine"))
        return len(drafts)


def _needed_more() -> Coalesce:
    """How many more people a shift's posts need at least, in SQL."""
    from volunteers.models.posts import Post  # noqa: PLC0415 -- posts point at shifts
    from volunteers.models.signups import Signup  # noqa: PLC0415 -- the same

    on = Signup.objects.live().filter(post=OuterRef("pk")).order_by().annotate(n=Func(F("pk"), function="COUNT"))
    short = Post.objects.filter(shift=OuterRef("pk")).order_by()
    short = short.annotate(on=Coalesce(Subquery(on.values("n")), 0)).filter(on__lt=F("minimum"))
    needed = short.annotate(needed=Func(F("minimum") - F("on"), function="SUM"))
    return Coalesce(Subquery(needed.values("needed"), output_field=models.IntegerField()), 0)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _live(shifts: Iterable[Shift]) -> models.QuerySet[Signup]:
    from volunteers.models.signups import Signup  # noqa: PLC0415 -- sign-ups point at shifts

    return Signup.objects.live().filter(shift__in=list(shifts))


def refuse_unless_planner(by: User) -> None:
    """Raise NotAllowed unless this person plans the rota."""
    if not by.has_perm("volunteers.plan_rota"):
        raise NotAllowed(_now("Only a coordinator can do that."))
