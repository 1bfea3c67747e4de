"""Hours: what is left of shifts that are long past, for thanks and references. Per person and quarter, no evening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import User
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.registries import personal_data, retention
from volunteers.staffing import LIVE

KEPT_DAYS = 60
FORGIVEN_DAYS = 14


@dataclass
class Worked:
    """What somebody has done so far: how long, how often, and in which month last."""

    minutes: int = 0
    shifts: int = 0
    last_month: dt.date | None = None

    def add(self, minutes: int, shifts: int, month: dt.date) -> None:
        """Some more of it."""
        self.minutes, self.shifts = self.minutes + minutes, self.shifts + shifts
        self.last_month = max(self.last_month or month, month)

    @property
    def hours(self) -> float:
        """As people say it: to half an hour."""
        return round(self.minutes / 30) / 2


class HoursQuerySet(models.QuerySet["Hours"]):
    """Making hours of sign-ups, and keeping them when somebody goes."""

    @transaction.atomic
    def take_in(self, signups: models.QuerySet[Signup]) -> int:
        """Add these sign-ups to their people's hours, those that count, and delete them all. Returns how many went."""
        taken = list(signups.order_by("pk").select_for_update(skip_locked=True))
        sums: dict[tuple[int, dt.date], Hours] = {}
        for one in taken:
            if one.state in LIVE:
                day = timezone.localdate(one.during.lower)
                key = (one.person_id, quarter_of(day))
                mine = sums.setdefault(key, Hours(person_id=key[0], quarter=key[1], last_month=day.replace(day=1)))
                mine.minutes += minutes_of(one)
                mine.shifts += 1
                mine.last_month = max(mine.last_month, day.replace(day=1))
        for (_person, _quarter), more in sorted(sums.items()):
            self.add(more)
        Signup.objects.filter(pk__in=[one.pk for one in taken]).delete()
        return len(taken)

    def add(self, more: Hours) -> None:
        """To those of the same person and quarter, within a transaction."""
        here, new = self.select_for_update().get_or_create(
            person_id=more.person_id,
            quarter=more.quarter,
            defaults={"minutes": more.minutes, "shifts": more.shifts, "last_month": more.last_month},
        )
        if not new:
            here.minutes, here.shifts = here.minutes + more.minutes, here.shifts + more.shifts
            here.last_month = max(here.last_month, more.last_month)
            here.save(update_fields=["minutes", "shifts", "last_month"])

    def worked(self, people: Iterable[User], now: dt.datetime) -> dict[int, Worked]:
        """What each of these people has done so far, hours and sign-ups together; two statements."""
        keys = [person.pk for person in people]
        sums = {key: Worked() for key in keys}
        for mine in self.filter(person__in=keys):
            sums[mine.person_id or 0].add(mine.minutes, mine.shifts, mine.last_month)
        for one in Signup.objects.live().filter(person__in=keys, during__endswith__lte=now):
            sums[one.person_id].add(minutes_of(one), 1, timezone.localdate(one.during.lower).replace(day=1))
        return sums

    def fold_old(self, now: dt.datetime) -> int:
        """Sixty days after a shift, who was on it becomes hours; who was not, or withdrew, is forgotten after 14."""
        before = now - dt.timedelta(days=KEPT_DAYS)
        Shift.objects.remember_short(before)
        old = Signup.objects.filter(during__endswith__lte=before)
        return self.forgive(now) + self.take_in(old)

    def forgive(self, now: dt.datetime) -> int:
        """Forget who was not there, and who had withdrawn, two weeks after the shift."""
        past = Signup.objects.filter(during__endswith__lte=now - dt.timedelta(days=FORGIVEN_DAYS))
        return past.exclude(state__in=LIVE).delete()[0]

    @transaction.atomic
    def keep_without(self, person: User) -> None:
        """What somebody did stays when they go, added to what nobody in particular did."""
        self.take_in(Signup.objects.filter(person=person, during__endswith__lte=timezone.now()))
        for mine in self.filter(person=person).order_by("quarter"):
            self.add(
                Hours(
                    person=None, quarter=mine.quarter, minutes=mine.minutes, shifts=mine.shifts, last_month=mine.quarter
                )
            )
        self.filter(person=person).delete()


class Hours(models.Model):
    """How long somebody was on in a quarter, and on how many shifts. Without a person: of all who have left."""

    person = models.ForeignKey(
        User, verbose_name=_("person"), null=True, blank=True, on_delete=models.CASCADE, related_name="hours"
    )
    quarter = models.DateField(_("quarter"))
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    shifts = models.PositiveIntegerField(_("shifts"), default=0)
    last_month = models.DateField(_("month of the last one"))

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        ordering = ["-quarter"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "quarter"], nulls_distinct=False, name="hours_once_a_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="hours_quarter_is_its_first_day"
            ),
            models.CheckConstraint(condition=Q(last_month__day=1), name="hours_month_is_its_first_day"),
            models.CheckConstraint(condition=Q(last_month__gte=F("quarter")), name="hours_month_is_in_its_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.hours:g}"

    @property
    def hours(self) -> float:
        """As people say it: to half an hour."""
        return round(self.minutes / 30) / 2


def quarter_of(day: dt.date) -> dt.date:
    """The first day of the quarter a day is in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def minutes_of(signup: Signup) -> int:
    """How long somebody was on, as a clock on the wrist would count it."""
    length: dt.timedelta = signup.during.upper - signup.during.lower
    return round(length.total_seconds() / 60)


retention.keep(
    Signup,
    length=dt.timedelta(days=KEPT_DAYS),
    sooner=dt.timedelta(days=FORGIVEN_DAYS),
    promise="shifts",
    every=retention.Every.HOUR,
    delete=lambda: Hours.objects.fold_old(timezone.now()),
    overdue=lambda now: Signup.objects.filter(
        Q(during__endswith__lt=now - dt.timedelta(days=KEPT_DAYS))
        | Q(during__endswith__lt=now - dt.timedelta(days=FORGIVEN_DAYS)) & ~Q(state__in=LIVE)
    ),
)
retention.keep(Hours, until=f"{retention.WITH_ACCOUNT}, their sum for good", promise="shifts")
personal_data.hold(Hours, "person", part="shifts")
