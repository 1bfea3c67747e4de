"""The rules a hub has agreed on for its rota."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.eligibility import Rules
from volunteers.holiday_regions import validate_region
from volunteers.shared import locality
from volunteers.shared.registries import retention


@pghistory.track()
class RotaSettings(models.Model):
    """The one row of the rota's settings, in the admin. The defaults hold until it is saved."""

    class Decides(models.TextChoices):
        """Who puts people on shifts."""

        PEOPLE = "people", _("People take places themselves, coordinators offer them")
        COORDINATORS = "coordinators", _("Coordinators put people on, people say when they can")
        BOTH = "both", _("Both")

    who_decides = models.CharField(_("who decides who is on"), max_length=12, choices=Decides, default=Decides.BOTH)
    weeks_ahead = models.PositiveSmallIntegerField(
        _("weeks ahead people can sign up"),
        null=True,
        blank=True,
        default=8,
        help_text=_("Empty: as far as there are shifts."),
    )
    rest_hours = models.PositiveSmallIntegerField(_("hours of rest between two shifts"), default=10)
    most_a_week = models.PositiveSmallIntegerField(_("most shifts a person has in a week"), default=3)
    close_hours = models.PositiveSmallIntegerField(
        _("hours before a shift that count as short notice"),
        default=48,
        help_text=_("If somebody cancels this late, we tell the lead and the coordinators at once."),
    )
    reminder_hours = models.PositiveSmallIntegerField(_("hours before a shift that people are reminded"), default=24)
    bank_holidays = models.CharField(
        _("bank holidays of"),
        max_length=7,
        default="ENG",
        blank=True,
        validators=[validate_region],
        help_text=_("ENG, WLS, SCT or NIR, or a country’s code as in PL, IE or PT. Empty: of nowhere."),
    )

    class Meta:
        verbose_name = _("the rota's settings")
        verbose_name_plural = _("the rota's settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="rotasettings_only_one"),
            models.CheckConstraint(
                condition=Q(who_decides__in=["people", "coordinators", "both"]), name="rotasettings_somebody_decides"
            ),
            models.CheckConstraint(
                condition=Q(most_a_week__gte=1, most_a_week__lte=21),
                name="rotasettings_some_a_week",
                violation_error_message=_("Between 1 and 21 shifts a week."),
            ),
            models.CheckConstraint(
                condition=Q(rest_hours__lte=96) & Q(close_hours__lte=336) & Q(reminder_hours__lte=336),
                name="rotasettings_hours_within_reason",
                violation_error_message=_("At most 96 hours of rest, and 336 hours (two weeks) for the others."),
            ),
            models.CheckConstraint(
                condition=Q(weeks_ahead__isnull=True) | Q(weeks_ahead__gte=1, weeks_ahead__lte=104),
                name="rotasettings_weeks_within_reason",
                violation_error_message=_("Between 1 and 104 weeks, or empty."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("the rota's settings"))

    @classmethod
    def current(cls) -> RotaSettings:
        """The hub's own, or the defaults."""
        return cls.objects.first() or cls(pk=1)

    @property
    def coordinators_assign(self) -> bool:
        """Whether a coordinator may put somebody on a shift without asking them first."""
        return self.who_decides != self.Decides.PEOPLE

    @property
    def close(self) -> dt.timedelta:
        """The time before a shift in which a withdrawal is told at once to its lead and the planners."""
        return dt.timedelta(hours=self.close_hours)

    @property
    def rules(self) -> Rules:
        """The rules for `volunteers.eligibility`."""
        return Rules(
            zone=timezone.get_default_timezone(),
            rest=dt.timedelta(hours=self.rest_hours),
            most_a_week=self.most_a_week,
            ahead=dt.timedelta(weeks=self.weeks_ahead) if self.weeks_ahead else None,
            first_weekday=locality.known().first_weekday,
            people_decide=self.who_decides != self.Decides.COORDINATORS,
        )


retention.keep(RotaSettings, until=retention.FOR_GOOD)
