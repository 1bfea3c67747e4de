"""The hub itself: its name, where it is, and the few switches its people set."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared import locality
from volunteers.shared.registries import retention, row_order


class Clock(models.TextChoices):
    """How times of day are written."""

    TWELVE = "12", _("8 pm")
    TWENTY_FOUR = "24", _("20:00")


class Weekday(models.IntegerChoices):
    """The days a week may begin with, as Python counts them."""

    MONDAY = 0, _("Monday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def validate_time_zone(name: str) -> None:
    """Refuse what is no time zone."""
    if name not in available_timezones():
        raise ValidationError(_now("There is no time zone of this name. It is written as in Europe/Warsaw."))


@pghistory.track(exclude=["backed_up_on"])
class Hub(models.Model):
    """The one row that says which hub this is. Everything here is the hub's own to write."""

    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(
        _("address"), max_length=160, blank=True, help_text=_("As you would say it to an ambulance.")
    )
    door = models.CharField(
        _("which door"), max_length=160, blank=True, help_text=_("How to get in: which door, which bell, which floor.")
    )
    nearest_naloxone = models.CharField(_("where the naloxone is"), max_length=160, blank=True)
    emergency_number = models.CharField(
        _("the number to ring in an emergency"),
        max_length=12,
        default="999",
        validators=[RegexValidator(r"^\+?[0-9]+$", _("Digits only, as people dial it."))],
        help_text=_("Every page and every paper says it. In most of Europe it is 112."),
    )
    words_for_999 = models.TextField(
        _("what to say on an emergency call"),
        max_length=400,
        blank=True,
        help_text=_(
            "Your union must check these words before anybody uses them. If you leave this empty, we show "
            "our own words."
        ),
    )
    words_agreed_on = models.DateField(
        _("the union checked these words on"),
        null=True,
        blank=True,
        help_text=_("Empty: not yet, and Today says so. If you change the words, check them again."),
    )
    leave_to = models.CharField(
        _("where “Leave this page” goes"),
        max_length=200,
        default="https://www.bbc.co.uk/weather",
        validators=[URLValidator(schemes=["https"])],
    )
    pathway_days = models.PositiveSmallIntegerField(
        _("check a service again after so many days"),
        default=90,
        help_text=_("After that, the directory asks somebody to check it again."),
    )
    show_address = models.BooleanField(
        _("anybody may see the address"),
        default=False,
        help_text=_("On the front page, for each opening. If not, we tell people how to ask."),
    )
    ask_where = models.CharField(
        _("how to ask where we are"),
        max_length=160,
        blank=True,
        help_text=_("For example: call this number, and we tell you. We show this while the address is hidden."),
    )
    way_in = models.TextField(
        _("how to get in"),
        max_length=400,
        blank=True,
        help_text=_("For the front page: the bell, the steps or the lift. Say that nobody asks for a name."),
    )
    usual_hours = models.CharField(
        _("when we are usually open"),
        max_length=160,
        blank=True,
        help_text=_(
            "In words, for example: Tuesdays and Thursdays, 6 to 9 in the evening. The dates come from the rota."
        ),
    )
    give_to = models.CharField(
        _("where people can give money"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("A web address that starts with https. Empty: the front page does not ask for money."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default="Europe/London",
        validators=[validate_time_zone],
        help_text=_("The biggest city near you that the clock agrees with."),
    )
    clock = models.CharField(
        _("how times are written"), max_length=2, choices=Clock, default=Clock.TWELVE, help_text=_("On every page.")
    )
    first_weekday = models.PositiveSmallIntegerField(
        _("first day of the week"), choices=Weekday, default=Weekday.MONDAY, help_text=_("For the rota and its limits.")
    )
    currency = models.CharField(
        _("money is written with"),
        max_length=6,
        blank=True,
        help_text=_("A sign or a word, as in € or zł. Empty: the sign that the server was given."),
    )
    search_engines = models.BooleanField(
        _("search engines may show the public pages"),
        default=False,
        help_text=_("Some hubs want people to find them. Others do not."),
    )

    controller = models.CharField(
        _("who is responsible for what we keep about people"),
        max_length=200,
        blank=True,
        help_text=_("The union or group that decides what is kept here, and how to reach it. The law requires this."),
    )

    # The day, so that “Today” can say when there has been no backup for too long.
    backed_up_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("hub")
        verbose_name_plural = _("hub")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="hub_only_one"),
            models.CheckConstraint(condition=~Q(name=""), name="hub_name_given"),
            models.CheckConstraint(
                condition=Q(emergency_number__regex=r"^\+?[0-9]+$"),
                name="hub_emergency_number_to_dial",
                violation_error_message=_("Digits only, as people dial it."),
            ),
            models.CheckConstraint(condition=~Q(time_zone=""), name="hub_time_zone_given"),
            models.CheckConstraint(condition=Q(clock__in=["12", "24"]), name="hub_clock_of_two"),
            models.CheckConstraint(condition=Q(first_weekday__in=[0, 5, 6]), name="hub_week_begins"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; this process keeps its clocks by it from now on."""
        super().save(*args, **kwargs)
        locality.adopt(self.locality)

    @property
    def locality(self) -> locality.Locality:
        """What differs from country to country."""
        return locality.Locality(
            time_zone=self.time_zone,
            emergency_number=self.emergency_number,
            currency=self.currency,
            clock=self.clock,
            first_weekday=self.first_weekday,
        )

    @classmethod
    def current(cls) -> Hub:
        """The hub; before it is set up, an unsaved one called “Hub”."""
        return cls.objects.first() or cls(pk=1, name=_now("Hub"))


def load_locality() -> locality.Locality:
    """Read what differs from country to country; London's before the hub is set up."""
    return Hub.current().locality


locality.register(load_locality)
retention.keep(Hub, until=retention.FOR_GOOD)
row_order.leave(Hub, because=row_order.LIST)
