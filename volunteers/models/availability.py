"""Availability: each person's answers about shifts, and how many shifts they would like."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import User
from volunteers.models.shifts import Shift
from volunteers.shared.registries import personal_data
from volunteers.shared.registries.merging import Join

MAX_WANTED = 60


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    """Queries about answers."""

    def given(self) -> AvailabilityQuerySet:
        """Answers that say something: yes, if needed, or no."""
        return self.exclude(answer=Availability.Answer.OPEN)

    def idle(self, now: dt.datetime) -> AvailabilityQuerySet:
        """Answers of no more use: the shift has started, or is cancelled."""
        return self.filter(Q(shift__starts_at__lte=now) | Q(shift__state=Shift.State.CANCELLED))


class Availability(models.Model):
    """One person's answer about one shift. Planners see it; it is deleted when the shift is published.

    “Left open” is written only about a shift that came in while people were being asked: so they are asked once.
    """

    class Answer(models.TextChoices):
        """The answers, with the values of `volunteers.fill.FillAnswer`, and none."""

        YES = "yes", _("Yes")
        IF_NEEDED = "if_needed", _("If needed")
        NO = "no", _("No")
        OPEN = "open", _("Not answered")

    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="answers")
    shift = models.ForeignKey(Shift, verbose_name=_("shift"), on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "shift"],
                name="availability_one_answer",
                violation_error_message=_("They have already answered that."),
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "if_needed", "no", "open"]), name="availability_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()


class WantedShifts(models.Model):
    """The number of shifts a person would like in a period. Without a row they take any number."""

    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="wishes")
    period = models.ForeignKey(
        "volunteers.RotaPeriod", verbose_name=_("period"), on_delete=models.CASCADE, related_name="wishes"
    )
    wanted = models.PositiveSmallIntegerField(_("how many they would like"))

    class Meta:
        db_table = "volunteers_wish"
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "period"], name="wish_once_a_period"),
            models.CheckConstraint(condition=Q(wanted__lte=MAX_WANTED), name="wish_within_reason"),
        ]

    def __str__(self) -> str:
        return str(self.wanted)


def choose_answer(mine: Availability, theirs: Availability) -> Availability:
    """Choose the answer that promises less: nobody is put on a shift by a yes they took back elsewhere."""
    order = [Availability.Answer.NO, Availability.Answer.IF_NEEDED, Availability.Answer.YES]
    return min(mine, theirs, key=lambda answer: order.index(Availability.Answer(answer.answer)))


def choose_wanted(mine: WantedShifts, theirs: WantedShifts) -> WantedShifts:
    """Choose the lower number of shifts."""
    return min(mine, theirs, key=lambda wanted: wanted.wanted)


personal_data.hold(
    Availability,
    "person",
    part="shifts",
    merge=Join(
        ("shift",),
        name=_("Answers about when they can"),
        becomes=_("the one that promises less stays."),
        turn=80,
        choose=choose_answer,
    ),
)
personal_data.hold(
    WantedShifts,
    "person",
    part="shifts",
    merge=Join(
        ("period",),
        name=_("How many shifts they would like"),
        becomes=_("the lower number stays."),
        turn=81,
        choose=choose_wanted,
    ),
)
