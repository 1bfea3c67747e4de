"""Alerts: warnings about drugs in circulation, each with area, week, source, steps and last day."""

from __future__ import annotations

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

# A full postcode, a house number before a word, or the last word of a street name.
STREET_ADDRESS = re.compile(
    r"""(?ix)
    \b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b
    | ^\s*\d+\s+\w
    | \b(?:street|road|lane|avenue|close|court|mews)\b | \b(?:st|rd)\b\.?\s*$
    """
)


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the week of a day, as weeks are stored."""
    return day - dt.timedelta(days=day.weekday())


class AlertQuerySet(models.QuerySet["Alert"]):
    """Queries on alerts."""

    def live(self, today: dt.date | None = None) -> AlertQuerySet:
        """Published alerts that are not over, the newest first."""
        return self.filter(state=Alert.State.PUBLISHED, expires_on__gte=today or timezone.localdate()).newest_first()

    def shown_at_desk(self) -> AlertQuerySet:
        """Live alerts, and drafts that tonight's lead shows until the desk closes."""
        return self.filter(
            Q(state=Alert.State.PUBLISHED, expires_on__gte=timezone.localdate())
            | Q(state=Alert.State.DRAFT, desk_on=periods.tonight(), expires_on__gte=timezone.localdate())
        ).newest_first()

    def hide_drafts_of(self, evening: dt.date) -> int:
        """Hide the drafts shown at the desks of an evening, after the last of them has closed. Returns their number."""
        return self.filter(state=Alert.State.DRAFT, desk_on=evening).update(desk_on=None)

    def drafts(self) -> AlertQuerySet:
        """Drafts, which wait for a coordinator."""
        return self.filter(state=Alert.State.DRAFT).newest_first()

    def newest_first(self) -> AlertQuerySet:
        """By week, the latest first."""
        return self.order_by("-week", "-pk")


class Alert(models.Model):
    """A warning. It names an area and a week, never a street or a day, which would tell who was there."""

    class State(models.TextChoices):
        """State of an alert: drafted at the desk, published or withdrawn by a coordinator."""

        DRAFT = "draft", _("drafted")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    what = models.CharField(
        _("what"),
        max_length=120,
        help_text=_("For example: “Heroin” that is stronger than usual, sold as brown powder."),
    )
    area = models.CharField(
        _("area"),
        max_length=60,
        help_text=_("A part of a town, or a whole one. Never a street: it could show who told us."),
    )
    week = models.DateField(_("week"), help_text=_("Any day of that week. We keep only the week."))
    source = models.CharField(
        _("source"),
        max_length=160,
        help_text=_("For example: people at the desk; a strip; a lab result; another service. No names."),
    )
    what_to_do = models.TextField(_("what to do"), max_length=800, help_text=_("One step on each line."))
    expires_on = models.DateField(_("shown until"), help_text=_("After that day we show it nowhere."))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)
    desk_on = models.DateField(_("shown at the desk on the evening of"), null=True, blank=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-week", "-pk"]
        default_permissions = ("add",)
        permissions = [("publish_alert", "Can publish and withdraw alerts")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(area="") & ~Q(source="") & ~Q(what_to_do=""),
                name="alert_says_all_of_it",
                violation_error_message=_("An alert needs four things: what, where, the source, and what to do."),
            ),
            models.CheckConstraint(
                condition=Q(week__iso_week_day=1),
                name="alert_knows_only_its_week",
                violation_error_message=_("An alert is about a week, never about one day."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("week")),
                name="alert_ends_after_its_week_begins",
                violation_error_message=_("Choose a last day after the week it is about."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_on__isnull=True)
                | Q(state="published", published_on__isnull=False)
                | Q(state="withdrawn"),
                name="alert_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def clean(self) -> None:
        """Round the day to its Monday, and refuse a street address as the area."""
        if self.week:
            self.week = monday_of(self.week)
        if self.area and STREET_ADDRESS.search(self.area):
            raise ValidationError({"area": _now("Write an area, never a street or a postcode.")})

    @property
    def steps(self) -> list[str]:
        """The steps of what to do, in order."""
        return [line.strip() for line in self.what_to_do.splitlines() if line.strip()]

    @property
    def week_ends(self) -> dt.date:
        """The Sunday of the week."""
        return self.week + dt.timedelta(days=6)

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed."""
        return self.expires_on < timezone.localdate()

    @property
    def is_live(self) -> bool:
        """Whether the public sees the alert."""
        return self.state == self.State.PUBLISHED and not self.is_over

    @property
    def is_shown_at_desk(self) -> bool:
        """Whether the desk shows the alert tonight."""
        return self.is_live or (
            self.state == self.State.DRAFT and self.desk_on == periods.tonight() and not self.is_over
        )

    def publish(self) -> None:
        """Publish the alert until it expires. Publishing twice is harmless."""
        with transaction.atomic():
            self._lock_and_refresh()
            if self.state == self.State.PUBLISHED:
                return
            if self.is_over:
                raise NotAllowed(_now("Its last day has passed. Choose a new one first."))
            self.state, self.published_on = self.State.PUBLISHED, timezone.localdate()
            self.save(update_fields=["state", "published_on"])

    def withdraw(self) -> None:
        """Take the alert off every page. Withdrawing twice is harmless."""
        with transaction.atomic():
            self._lock_and_refresh()
            if self.state != self.State.WITHDRAWN:
                self.state, self.desk_on = self.State.WITHDRAWN, None
                self.save(update_fields=["state", "desk_on"])

    def show_tonight(self) -> None:
        """Show a draft at this evening's desk until it closes, 06:00 at the latest.

        Tonight's lead may do this. The public does not see it: only a coordinator publishes.
        """
        with transaction.atomic():
            self._lock_and_refresh()
            if self.state == self.State.WITHDRAWN:
                raise NotAllowed(_now("It was withdrawn. If it is right, draft it again."))
            if self.is_over:
                raise NotAllowed(_now("Its last day has passed. Choose a new one first."))
            if self.state == self.State.DRAFT and self.desk_on != periods.tonight():
                self.desk_on = periods.tonight()
                self.save(update_fields=["desk_on"])

    def hide_tonight(self) -> None:
        """Take a draft off this evening's desk."""
        with transaction.atomic():
            self._lock_and_refresh()
            if self.desk_on is not None:
                self.desk_on = None
                self.save(update_fields=["desk_on"])

    def _lock_and_refresh(self) -> None:
        self.refresh_from_db(from_queryset=Alert.objects.select_for_update())


retention.keep(Alert, until=retention.FOR_GOOD)
row_order.leave(Alert, because=row_order.LIST)
