"""Hours: the sum that is kept of old shifts, per person and quarter, for thanks and references."""

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
from volunteers.shared.registries.merging import Join
from volunteers.staffing import LIVE

SIGNUP_RETENTION_DAYS = 60
ABSENCE_RETENTION_DAYS = 14


@dataclass
class Worked:
    """The work of one person so far: minutes, number of shifts, the month of the last one, and whether one is ahead."""

    minutes: int = 0
    shifts: int = 0
    last_month: dt.date | None = None
    ahead: bool = False

    def add(self, minutes: int, shifts: int, month: dt.date) -> None:
        """Add more minutes and shifts."""
        self.minutes, self.shifts = self.minutes + minutes, self.shifts + shifts
        self.last_month = max(self.last_month or month, month)

    @property
    def hours(self) -> float:
        """The hours, rounded to half an hour."""
        return round(self.minutes / 30) / 2


class HoursQuerySet(models.QuerySet["Hours"]):
    """Queries about hours; turning old sign-ups into hours, and keeping hours when a person leaves."""

    @transaction.atomic
    def take_in(self, signups: models.QuerySet[Signup]) -> int:
        """Add the live ones of these sign-ups to the hours of their people, and delete all. Returns how many."""
        taken = list(signups.order_by("pk").select_for_update(skip_locked=True))
        sums: dict[tuple[int, dt.date], Hours] = {}
        for signup in taken:
            if signup.state in LIVE:
                day = timezone.localdate(signup.during.lower)
                key = (signup.person_id, quarter_of(day))
                mine = sums.setdefault(key, Hours(person_id=key[0], quarter=key[1], last_month=day.replace(day=1)))
                mine.minutes += minutes_of(signup)
                mine.shifts += 1
                mine.last_month = max(mine.last_month, day.replace(day=1))
        for (_person, _quarter), more in sorted(sums.items()):
            self.add(more)
        Signup.objects.filter(pk__in=[signup.pk for signup in taken]).delete()
        return len(taken)

    def add(self, more: Hours) -> None:
        """Add hours to the row of this person and quarter, within a transaction."""
        here, new = self.select_for_update().get_or_create(
            person_id=more.person_id,
            quarter=more.quarter,
            defaults={"minutes": more.minutes, "shifts": more.shifts, "last_month": more.last_month},
        )
        if not new:
            add_up(here, more).save(update_fields=["minutes", "shifts", "last_month"])

    def worked(self, people: Iterable[User], now: dt.datetime) -> dict[int, Worked]:
        """The work of each of these people so far, from hours and past sign-ups; two statements."""
        keys = [person.pk for person in people]
        sums = {key: Worked() for key in keys}
        for mine in self.filter(person__in=keys):
            sums[mine.person_id or 0].add(mine.minutes, mine.shifts, mine.last_month)
        for signup in Signup.objects.live().filter(person__in=keys):
            work = sums[signup.person_id]
            if signup.during.upper <= now:
                work.add(minutes_of(signup), 1, timezone.localdate(signup.during.lower).replace(day=1))
            else:
                work.ahead = True
        return sums

    def fold_old(self, now: dt.datetime) -> int:
        """Turn sign-ups into hours 60 days after the shift; delete absences and withdrawals after 14 days."""
        before = now - dt.timedelta(days=SIGNUP_RETENTION_DAYS)
        Shift.objects.remember_short(before)
        old = Signup.objects.filter(during__endswith__lte=before)
        return self.forgive(now) + self.take_in(old)

    def forgive(self, now: dt.datetime) -> int:
        """Delete the sign-ups of people who were not there or had withdrawn, two weeks after the shift."""
        past = Signup.objects.filter(during__endswith__lte=now - dt.timedelta(days=ABSENCE_RETENTION_DAYS))
        return past.exclude(state__in=LIVE).delete()[0]

    @transaction.atomic
    def keep_without(self, person: User) -> None:
        """Add a person's hours to the row without a person, before the person is erased."""
        self.take_in(Signup.objects.filter(person=person, during__endswith__lte=timezone.now()))
        for mine in self.filter(person=person).order_by("quarter"):
            self.add(
                Hours(
                    person=None, quarter=mine.quarter, minutes=mine.minutes, shifts=mine.shifts, last_month=mine.quarter
                )
            )
        self.filter(person=person).delete()


class Hours(models.Model):
    """The hours of one person in one quarter. A row without a person sums up all who have left."""

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
        """The hours, rounded to half an hour."""
        return round(self.minutes / 30) / 2


def quarter_of(day: dt.date) -> dt.date:
    """The first day of the quarter of a day."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def minutes_of(signup: Signup) -> int:
    """The minutes a sign-up lasts, in real time, also on a night when the clocks change."""
    length: dt.timedelta = signup.during.upper - signup.during.lower
    return round(length.total_seconds() / 60)


def add_up(mine: Hours, theirs: Hours) -> Hours:
    """Add the hours of the same quarter to those of the record that stays."""
    mine.minutes, mine.shifts = mine.minutes + theirs.minutes, mine.shifts + theirs.shifts
    mine.last_month = max(mine.last_month, theirs.last_month)
    return mine


retention.keep(
    Signup,
    length=dt.timedelta(days=SIGNUP_RETENTION_DAYS),
    sooner=dt.timedelta(days=ABSENCE_RETENTION_DAYS),
    promise="shifts",
    every=retention.Every.HOUR,
    delete=lambda: Hours.objects.fold_old(timezone.now()),
    overdue=lambda now: Signup.objects.filter(
        Q(during__endswith__lt=now - dt.timedelta(days=SIGNUP_RETENTION_DAYS))
        | Q(during__endswith__lt=now - dt.timedelta(days=ABSENCE_RETENTION_DAYS)) & ~Q(state__in=LIVE)
    ),
)
retention.keep(Hours, until=f"{retention.WITH_ACCOUNT}, their sum for good", promise="shifts")
personal_data.hold(
    Hours,
    "person",
    part="shifts",
    merge=Join(
        ("quarter",),
        name=_("Hours of past quarters"),
        becomes=_("they add up."),
        turn=70,
        choose=add_up,
    ),
)
