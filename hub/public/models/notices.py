"""Notices: what the front page says of one evening that the plan does not, because somebody chose so."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from volunteers.shared.registries import retention, row_order

MAX_DAYS_AHEAD = 60


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def shown(self, tonight: dt.date) -> NoticeQuerySet:
        """Notices of this evening and of evenings to come."""
        return self.filter(day__gte=tonight).order_by("day", "pk")

    def forget_old(self) -> int:
        """Delete notices whose evening is over. Nobody is shown them anyway."""
        return self.filter(day__lt=periods.tonight()).delete()[0]


class Notice(models.Model):
    """Outreach, or a door opened on the spot: a line about one evening. Nobody's name, and not who wrote it."""

    day = models.DateField(_("evening of"), help_text=_("It disappears from the front page at 06:00 the next morning."))
    words = models.CharField(
        _("notice on the front page"),
        max_length=120,
        help_text=_("What, where, and until about when. For example: outreach round the market, until about 9."),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["day", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="notice_says_something",
                violation_error_message=_("Write what the front page should say."),
            ),
            models.UniqueConstraint(
                fields=["day", "words"],
                name="notice_once_an_evening",
                violation_error_message=_("The front page already says this."),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Of an evening that is to come, and not of one next year by a slip of the finger."""
        tonight = periods.tonight()
        if self.day and not tonight <= self.day <= tonight + dt.timedelta(days=MAX_DAYS_AHEAD):
            raise ValidationError({"day": _now("Choose this evening, or one of the next two months.")})


retention.keep(Notice, until="until its evening is over", every=retention.Every.DAY, delete=Notice.objects.forget_old)
row_order.leave(Notice, because="its rows are evenings to come")
