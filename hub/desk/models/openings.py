"""Openings: one evening's drop-in, from the desk opening until its visits are aggregated into the month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pgtrigger
from django.db import models, transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.core.pending_rewrites import PendingRewrite
from hub.desk import question_types
from hub.desk.exceptions import DeskClosed
from hub.desk.models.opening_queryset import OpeningQuerySet
from hub.desk.models.questions import Question
from hub.desk.models.tallies import Measure, Tally, visit_amounts
from hub.directory.models.alerts import Alert
from volunteers.models import Shift
from volunteers.shared.registries import retention, row_order
from volunteers.shared.registries.moving import WhenMoved, depend


@dataclass(frozen=True)
class Totals:
    """Visits and people of one opening so far."""

    visits: int = 0
    people: int = 0


class Opening(models.Model):
    """One evening's drop-in at one place. After the evening it keeps only its state, visits and people."""

    class Kind(models.TextChoices):
        """The kind of an opening: the way it came about."""

        PLANNED = "planned", _("drop-in")
        UNPLANNED = "unplanned", _("opened on the spot")
        OUTREACH = "outreach", _("outreach")
        EVENT = "event", _("event")

    class State(models.TextChoices):
        """Zero is not missing: “nobody came” was seen, “not recorded” was not."""

        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        NOBODY_CAME = "nobody_came", _("nobody came")
        NOT_RECORDED = "not_recorded", _("not recorded")
        CANCELLED = "cancelled", _("cancelled")

    NOT_HELD = (State.NOT_RECORDED, State.CANCELLED)

    date = models.DateField(_("evening of"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    place = models.CharField(_("place"), max_length=60, blank=True, default="")
    state = models.CharField(_("state"), max_length=12, choices=State)
    visits = models.PositiveIntegerField(_("visits"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    shift = models.ForeignKey(
        Shift, verbose_name=_("shift"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        ordering = ["-date", "place"]
        default_permissions = ("view",)
        permissions = [("staff_desk", "Can staff the desk"), ("lead_openings", "Can lead any opening")]
        constraints = [
            models.UniqueConstraint(fields=["date", "place"], name="opening_once_an_evening"),
            models.CheckConstraint(
                # A comparison with nothing is neither true nor false, and a check lets it pass: so ask first.
                condition=Q(state__in=["open", "not_recorded", "cancelled"], visits__isnull=True, people__isnull=True)
                | Q(visits__isnull=False, people__isnull=False)
                & (
                    Q(state="open", visits__gte=0, people__gte=F("visits"))
                    | Q(state="closed", visits__gte=1, people__gte=F("visits"))
                    | Q(state="nobody_came", visits=0, people=0)
                ),
                name="opening_counts_fit_state",
            ),
        ]
        indexes = [models.Index(fields=["date"], condition=Q(state="open"), name="opening_still_open")]
        triggers = [
            pgtrigger.Trigger(
                name="closed_has_no_visits",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("OLD.state = 'open' AND NEW.state <> 'open'"),
                func="""
                    IF EXISTS (SELECT FROM hub_visit WHERE opening_id = NEW.id) THEN
                        RAISE EXCEPTION 'visits are folded before their opening closes' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.place}".strip()

    @property
    def month(self) -> dt.date:
        """The month it counts in: that of its date, whatever the clock says after midnight."""
        return periods.month_of(self.date)

    @property
    def is_open(self) -> bool:
        """Whether its desk is open: its state says so, and its evening is not over."""
        return self.state == self.State.OPEN and self.date >= periods.tonight()

    def totals(self) -> Totals:
        """Visits and people so far: aggregated before it was opened again, and on the desk now."""
        live = self._live_totals()
        return Totals((self.visits or 0) + live.visits, (self.people or 0) + live.people)

    def get_ring_url(self) -> str:
        """Where a coordinator reads whom to ring."""
        return reverse("hub:evening-ring", args=[self.pk])

    def check_not_too_old(self) -> None:
        """Raise DeskClosed for an evening whose visits' ids may soon be forgotten."""
        if (timezone.localdate() - self.date).days > periods.LATE_DAYS:
            raise DeskClosed(_now("That evening is too long ago. Add this to the month’s totals."))

    def close(self, *, nobody_came: bool = False, bins: Mapping[str, int] | None = None) -> bool:
        """Close the desk and count the sharps bins that came back. Returns False if it was closed already.

        With no visit at all somebody has to say which it was: `nobody_came`, or else it counts as not recorded.
        Closing twice is harmless.
        """
        state_if_empty = self.State.NOBODY_CAME if nobody_came else self.State.NOT_RECORDED
        return self.aggregate_visits(state_if_empty=state_if_empty, bins=bins)

    @transaction.atomic
    def cancel(self) -> None:
        """Close a desk that was opened and to which nobody came: the evening is off. Raises DeskClosed."""
        self.refresh_from_db(from_queryset=Opening.objects.select_for_update())
        if self.totals().visits:
            raise DeskClosed(_now("There was already a visit. Close the desk instead."))
        if self.state != self.State.CANCELLED:
            self.aggregate_visits()
            self.state = self.State.CANCELLED
            self.save_totals(None)

    def aggregate_visits(
        self, *, state_if_empty: str = State.NOT_RECORDED, bins: Mapping[str, int] | None = None
    ) -> bool:
        """Add the evening's visits to its month's tallies, delete them, and close the desk.

        Returns False if it was closed already: then nothing changes. Everything happens, or nothing. Only the random
        ids of the visits stay for a while, so that a late copy is not counted twice. Once it is done, every table
        that the evening touched is written anew, whether another desk is open or not.
        """
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Opening.objects.select_for_update())
            was_open = self.state == self.State.OPEN
            if was_open:
                totals = self.totals()
                self._add_to_tallies(bins or {})
                self.seen_visits.remember(self)
                self.live_visits.all().delete()
                self.devices.all().delete()
                # An evening without a visit that was counted before, and then opened again, is known to be empty.
                is_unknown = not totals.visits and self.visits is None
                self.state = state_if_empty if is_unknown else self.State.CLOSED
                self.save_totals(None if self.state == self.State.NOT_RECORDED else totals)
                if not Opening.objects.open().filter(date=self.date).exists():
                    Alert.objects.hide_drafts_of(self.date)
                PendingRewrite.objects.ask()
        transaction.on_commit(Opening.objects.truncate_visits)
        transaction.on_commit(PendingRewrite.objects.run_desk, robust=True)
        return was_open

    def count_answers(self, answers: Iterable[question_types.Answers]) -> Counter[str]:
        """Count each answer given that evening to the questions that were asked."""
        counts: Counter[str] = Counter()
        if any(answers := list(answers)):
            offered = Question.objects.offered(self.date)
            for of_visit in answers:
                counts.update(question_types.build_keys(of_visit, offered))
        return counts

    def save_totals(self, totals: Totals | None) -> None:
        """Save the evening's totals, or that nobody knows them. The caller holds the row's lock."""
        self.visits, self.people = (totals.visits, totals.people) if totals else (None, None)
        if totals and self.state != self.State.OPEN:
            self.state = self.State.CLOSED if totals.visits else self.State.NOBODY_CAME
        self.save(update_fields=["state", "visits", "people"])

    def _live_totals(self) -> Totals:
        return Totals(**self.live_visits.aggregate(visits=Count("id"), people=Sum("people", default=0)))

    def _add_to_tallies(self, bins: Mapping[str, int]) -> None:
        live = self._live_totals()
        items = self.live_visits.filter(items__isnull=False).values_list("items__item").order_by("items__item")
        given = dict(items.annotate(n=Sum("items__quantity")))
        answers = self.live_visits.exclude(answers={}).values_list("answers", flat=True)
        Tally.objects.add(self.month, visit_amounts(live.visits, live.people, given))
        Tally.objects.add_answers(self.month, self.count_answers(answers))
        Tally.objects.add(self.month, {(Measure.BINS, key): n for key, n in bins.items()})


def openings_held_per_month(since: dt.date) -> dict[dt.date, int]:
    """Count the openings held in each month since then, this evening's too; openings not recorded are left out.

    What went out on an evening nobody recorded is not in the books either, so the two go together.
    """
    openings = Opening.objects.filter(date__gte=since).exclude(state__in=Opening.NOT_HELD).order_by()
    months = openings.annotate(in_month=TruncMonth("date")).values_list("in_month").annotate(n=Count("pk"))
    return dict(months.values_list("in_month", "n"))


retention.keep(Opening, until=retention.FOR_GOOD, promise="totals")
# It points at its shift from before anybody comes.
row_order.rewrite(Opening, locks=False)
depend(
    Opening,
    "shift",
    on="volunteers.Shift",
    becomes=WhenMoved.STAYS,
    because="it is made when the desk opens, and has the day on which it did",
)
