"""Settings of the desk: the checklist, and who counts as trained. Tiles belong to the catalogue."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.models import Qualification
from volunteers.shared.registries import retention, row_order
from volunteers.staffing import NALOXONE


def build_starting_checklist() -> str:
    """The four things most desks look at before the door opens."""
    return "\n".join(
        [
            _now("Naloxone is on the desk, and everybody knows where it is"),
            _now("There is a sharps bin with space in it"),
            _now("Everybody has read the alerts"),
            _now("Everybody knows where the emergency cards are"),
        ]
    )


@pghistory.track()
class DeskSettings(models.Model):
    """The one row of the desk's settings. Before anybody saves it, the defaults hold."""

    checklist = models.TextField(
        _("before opening"),
        max_length=1200,
        blank=True,
        help_text=_("One short line each. The ticks help the people in the room. We do not keep them."),
    )

    trained = models.ForeignKey(
        Qualification,
        verbose_name=_("trained, for the desk"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "We show people on the shift with this qualification beside things that only trained people give out."
        ),
    )

    class Meta:
        verbose_name = _("the desk’s settings")
        verbose_name_plural = _("the desk’s settings")
        default_permissions = ()
        permissions = [("set_up_desk", "Can set up the desk: checklist, tiles and questions")]
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="desksettings_only_one")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> DeskSettings:
        """The row, or an unsaved one with the defaults."""
        settings = cls.objects.select_related("trained").first()
        trained = None if settings else Qualification.objects.filter(slug=NALOXONE).first()
        return settings or cls(pk=1, checklist=build_starting_checklist(), trained=trained)

    @property
    def steps(self) -> list[str]:
        """The lines of the checklist, in order."""
        return [line.strip() for line in self.checklist.splitlines() if line.strip()]


retention.keep(DeskSettings, until=retention.FOR_GOOD)
row_order.leave(DeskSettings, because=row_order.LIST)
