"""Periods: days for which everybody is asked when they can, until the rota for them is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from volunteers.eligibility import SCHOOL
from volunteers.fill import FillAnswer
from volunteers.models.availability import Availability, WantedShifts
from volunteers.models.people import LetterKind, User
from volunteers.models.people_queryset import PeopleQuerySet
from volunteers.models.qualifications import Holding
from volunteers.models.shift_queryset import AFTER_PLANNING, AFTER_PUBLISHING, ShiftQuerySet, refuse_unless_planner
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention
from volunteers.shared.workers import RETRY_FOR_DAYS

MAX_DAYS = 92


class DateRange(Func):
    """The SQL range between two days, both included."""

    function = "DATERANGE"


class RotaPeriodQuerySet(models.QuerySet["RotaPeriod"]):
    """Queries about periods; opening and closing them."""

    def open(self) -> RotaPeriodQuerySet:
        """Periods that can still be answered."""
        return self.filter(closed=False)

    def waiting_for(self, person: User | OuterRef, today: dt.date | None = None) -> RotaPeriodQuerySet:
        """Open periods that this person, who may be one of a query around, is asked about and has not answered."""
        days = {
            "shift__starts_at__date__gte": OuterRef("first_day"),
            "shift__starts_at__date__lte": OuterRef("last_day"),
        }
        school = Holding.objects.on(today or timezone.localdate()).filter(qualification__slug=SCHOOL, person=person)
        answers = Availability.objects.filter(person=person, **days)
        new = Shift.objects.planned().filter(
            asked_anew=True,
            starts_at__gt=timezone.now(),
            starts_at__date__gte=OuterRef("first_day"),
            starts_at__date__lte=OuterRef("last_day"),
        )
        unanswered = new.exclude(answers__person=person).exclude(
            pk__in=Signup.objects.live().filter(person=person).values("shift")
        )
        return self.open().filter(Exists(school), ~Exists(answers) | Exists(unanswered))

    def ask_about(self, shifts: Sequence[Shift]) -> None:
        """Ask everybody about shifts that came in while they were being asked; who had answered is told in an hour.

        By then a coordinator has made the others, and it is one letter.
        """
        for period in self.open():
            new = [
                shift.pk
                for shift in shifts
                if period.first_day <= shift.day <= period.last_day and shift.starts_at > timezone.now()
            ]
            if new:
                Shift.objects.filter(pk__in=new).update(asked_anew=True)
                job = ask_about_new_shifts.configure(
                    queueing_lock=f"volunteers.ask_about_new_shifts.{period.pk}", schedule_in={"hours": 1}
                )
                with suppress(AlreadyEnqueued), transaction.atomic():
                    job.defer(period=period.pk)

    @transaction.atomic
    def ask(self, first_day: dt.date, last_day: dt.date, answer_by: dt.date, *, by: User) -> RotaPeriod:
        """Open a period and tell everybody who could be on its shifts. Raises NotAllowed with the reasons."""
        refuse_unless_planner(by)
        period = self.model(first_day=first_day, last_day=last_day, answer_by=answer_by)
        try:
            period.full_clean()
        except ValidationError as problem:
            raise NotAllowed(problem.messages) from None
        if not period.shifts().exists():
            raise NotAllowed(_now("There are no shifts on those days yet. Make them first. They can be drafts."))
        period.save()
        ask_for_answers.defer(period=period.pk)
        return period

    def close_out(self) -> None:
        """Close the open periods in which no draft is left: their rota is published."""
        for period in self.open():
            if not Shift.objects.filter(state=Shift.State.DRAFT).on_days(period.first_day, period.last_day).exists():
                period.close()

    def close_past(self) -> None:
        """Close the periods that are over, and delete the answers of no more use."""
        for period in self.open().filter(last_day__lt=timezone.localdate()):
            period.close()
        Availability.objects.idle(timezone.now()).delete()


class RotaPeriod(models.Model):
    """Days for which people say when they can. Their answers are deleted once the rota is published."""

    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    answer_by = models.DateField(_("answers by"))
    reminded_on = models.DateField(_("last reminded on"), null=True, blank=True, editable=False)
    closed = models.BooleanField(_("closed"), default=False, editable=False)

    objects = RotaPeriodQuerySet.as_manager()

    class Meta:
        db_table = "volunteers_period"
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["first_day"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="period_ends_after_start",
                violation_error_message=_("The last day has to come after the first."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__lte=F("first_day") + MAX_DAYS),
                name="period_a_quarter_at_most",
                violation_error_message=_("Three months at most. Nobody knows what they will do later."),
            ),
            models.CheckConstraint(
                condition=Q(answer_by__lte=F("first_day")),
                name="period_answered_before_it_starts",
                violation_error_message=_("Answers are needed before the first day."),
            ),
            ExclusionConstraint(
                name="period_one_at_a_time",
                expressions=[
                    (
                        DateRange("first_day", "last_day", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(closed=False),
                violation_error_message=_("We already ask people about some of those days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"

    def get_absolute_url(self) -> str:
        """Its page for planners."""
        return reverse("periods:period", args=[self.pk])

    def clean(self) -> None:
        """The day to answer by must be ahead."""
        if self.answer_by and self.answer_by < timezone.localdate():
            raise ValidationError({"answer_by": _now("Choose a day in the future.")})

    def shifts(self) -> ShiftQuerySet:
        """The shifts people are asked about: drafts and published ones that have not started."""
        planned = Shift.objects.planned().on_days(self.first_day, self.last_day)
        return planned.filter(starts_at__gt=timezone.now()).order_by("starts_at", "pk")

    def people(self) -> PeopleQuerySet:
        """The people who are asked: all who have done the School and can sign in."""
        school = Holding.objects.on(timezone.localdate()).filter(qualification__slug=SCHOOL)
        people: PeopleQuerySet = User.objects.active().filter(pk__in=school.values("person"))
        return people

    def answered(self) -> PeopleQuerySet:
        """The people who have answered, also about the shifts that came in since."""
        answers = Availability.objects.filter(shift__in=self.shifts())
        # What somebody is on they are not asked about.
        unanswered = (
            self.shifts()
            .filter(asked_anew=True)
            .exclude(pk__in=Availability.objects.filter(person=OuterRef(OuterRef("pk"))).values("shift"))
            .exclude(pk__in=Signup.objects.live().filter(person=OuterRef(OuterRef("pk"))).values("shift"))
        )
        return self.people().filter(~Exists(unanswered), pk__in=answers.values("person"))

    @transaction.atomic
    def answer(self, person: User, answers: Mapping[int, FillAnswer | None], wanted: int | None) -> None:
        """Write down a person's answers; None takes one back. New answers replace earlier ones.

        Answers about shifts that were called off meanwhile, or were never in this period, are passed over.
        """
        self.lock()
        if not self.people().filter(pk=person.pk).exists():
            raise NotAllowed(_now("First do the School. After that we ask you too."))
        shifts = dict(self.shifts().filter(pk__in=answers).values_list("pk", "asked_anew"))
        answered = {shift: answer for shift, answer in answers.items() if shift in shifts}
        Availability.objects.filter(person=person, shift__in=answered).delete()
        Availability.objects.bulk_create(
            Availability(person=person, shift_id=shift, answer=answer or Availability.Answer.OPEN)
            for shift, answer in answered.items()
            if answer or shifts[shift]
        )
        WantedShifts.objects.filter(person=person, period=self).delete()
        if wanted is not None:
            WantedShifts.objects.create(person=person, period=self, wanted=wanted)

    @transaction.atomic
    def remind(self, *, by: User) -> None:
        """Ask the people once more who have not answered; once a day at most."""
        refuse_unless_planner(by)
        self.lock()
        if self.reminded_on == timezone.localdate():
            raise NotAllowed(_now("We already reminded them today."))
        self.reminded_on = timezone.localdate()
        self.save(update_fields=["reminded_on"])
        ask_for_answers.defer(period=self.pk)

    def ask_the_silent(self) -> None:
        """Write to everybody who is asked and has not answered."""
        for person in self.people().exclude(pk__in=self.answered().values("pk")):
            person.tell(LetterKind.OFFERS, reverse("periods:answers", args=[self.pk]))

    def ask_about_new(self) -> None:
        """Write to everybody who had answered before some shifts came in, and has not said anything about those."""
        told = self.people().filter(pk__in=Availability.objects.filter(shift__in=self.shifts()).values("person"))
        for person in told.exclude(pk__in=self.answered().values("pk")):
            person.tell(LetterKind.OFFERS, reverse("periods:answers", args=[self.pk]))

    @transaction.atomic
    def publish(self, *, by: User) -> int:
        """Publish the drafts in the period, and close it. Returns how many shifts were published."""
        published = Shift.objects.on_days(self.first_day, self.last_day).publish(by=by)
        self.finish(by=by)
        return published

    @transaction.atomic
    def finish(self, *, by: User) -> None:
        """Close it by hand. A second time changes nothing."""
        refuse_unless_planner(by)
        if RotaPeriod.objects.open().select_for_update().filter(pk=self.pk).exists():
            self.close()

    @transaction.atomic
    def close(self) -> None:
        """End the period and delete all answers, wishes and the proposal."""
        Availability.objects.filter(
            shift__in=Shift.objects.on_days(self.first_day, self.last_day).values("pk")
        ).delete()
        Shift.objects.on_days(self.first_day, self.last_day).filter(asked_anew=True).update(asked_anew=False)
        WantedShifts.objects.filter(period=self).delete()
        if hasattr(self, "proposal"):
            self.proposal.delete()
        self.closed = True
        self.save(update_fields=["closed"])

    def lock(self) -> None:
        """Within a transaction: keep it from being closed, and refuse if it is closed."""
        if not RotaPeriod.objects.open().select_for_update(no_key=True).filter(pk=self.pk).exists():
            raise NotAllowed(_now("The rota for these days is published, so we no longer ask."))


@app.task(name="volunteers.jobs.ask_for_answers", retry=RETRY_FOR_DAYS)  # type: ignore[untyped-decorator]
def ask_for_answers(period: int) -> None:
    """Write to everybody who has not said yet when they can."""
    for open_period in RotaPeriod.objects.open().filter(pk=period):
        open_period.ask_the_silent()


@app.task(name="volunteers.jobs.ask_about_new_shifts", retry=RETRY_FOR_DAYS)  # type: ignore[untyped-decorator]
def ask_about_new_shifts(period: int) -> None:
    """Write to everybody who answered before a shift came in."""
    for open_period in RotaPeriod.objects.open().filter(pk=period):
        open_period.ask_about_new()


def close_after_publishing(shifts: Sequence[Shift]) -> None:
    """Delete the answers about shifts that are published now, and close the periods without a draft."""
    Availability.objects.filter(shift__in=shifts).delete()
    Shift.objects.filter(pk__in=[shift.pk for shift in shifts], asked_anew=True).update(asked_anew=False)
    RotaPeriod.objects.close_out()


AFTER_PUBLISHING.append(close_after_publishing)
AFTER_PLANNING.append(RotaPeriod.objects.ask_about)


retention.keep(RotaPeriod, until=retention.FOR_GOOD)
retention.keep(
    Availability,
    WantedShifts,
    until="until that rota is out, or the shift begins",
    promise="availability",
    every=retention.Every.HOUR,
    delete=RotaPeriod.objects.close_past,
)
