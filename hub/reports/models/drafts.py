"""Drafts: the words of a report that is not published yet. Its numbers are worked out when somebody looks at them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.core.periods import Period, Span
from hub.reports.models.editions import MAX_TEXT_LENGTH
from volunteers.shared.registries import retention, row_order


class DraftQuerySet(models.QuerySet["Draft"]):
    """Queries on drafts, and keeping one."""

    def of(self, period: Period) -> Draft | None:
        """The draft of a period, if there is one."""
        return self.filter(first=period.first, span=period.span).first()

    def keep(self, period: Period, *, learned: str, argument: str) -> Draft:
        """Keep the words of a period for later."""
        words = {"learned": learned, "argument": argument}
        draft, _created = self.update_or_create(first=period.first, span=period.span, defaults=words)
        return draft


class Draft(models.Model):
    """The words of a report before publication. One for each period."""

    first = models.DateField(_("from"))
    span = models.PositiveSmallIntegerField(_("months"), choices=[(span.value, span.name) for span in Span])
    learned = models.TextField(
        _("What we learned"),
        max_length=MAX_TEXT_LENGTH,
        blank=True,
        help_text=_("In your own words, for everybody. Nothing about one person. No numbers except the ones below."),
    )
    argument = models.TextField(
        _("Why it is needed"),
        max_length=MAX_TEXT_LENGTH,
        blank=True,
        help_text=_("What the law stopped, what people asked for and we did not have, and what should change."),
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["first", "span"], name="draft_one_for_a_period")]

    def __str__(self) -> str:
        return str(self.period)

    @property
    def period(self) -> Period:
        """The period of the report."""
        return Period(self.first, Span(self.span))


retention.keep(Draft, until="until it is published")
row_order.leave(Draft, because="its rows say which period")
