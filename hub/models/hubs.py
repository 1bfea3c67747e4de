"""The hub itself: its name, where it is, and the few switches its people set."""

from __future__ import annotations

import pghistory
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


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
    words_for_999 = models.TextField(
        _("what to say to 999"), max_length=400, blank=True, help_text=_("Agreed with the union.")
    )
    leave_to = models.CharField(
        _("where “Leave this page” goes"),
        max_length=200,
        default="https://www.bbc.co.uk/weather",
        validators=[URLValidator(schemes=["https"])],
    )
    pathway_days = models.PositiveSmallIntegerField(
        _("a checked pathway is good for so many days"),
        default=90,
        help_text=_("After that the directory asks somebody to make sure of it again."),
    )

    # The day, so that “Today” can say when there has been no backup for too long.
    backed_up_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("hub")
        verbose_name_plural = _("hub")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="hub_only_one"),
            models.CheckConstraint(condition=~Q(name=""), name="hub_name_given"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Hub:
        """The hub; before it is set up, an unsaved one called “Hub”."""
        return cls.objects.first() or cls(pk=1, name=_now("Hub"))
