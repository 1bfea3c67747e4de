"""Openings: one evening's drop-in, from the desk opening until it is folded into the month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pgtrigger
from django.db import models, transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub import periods
from hub.models.tallies import Measure, Tally


class Closed(Exception):
    """The desk is not open for that any more; the message is a sentence for the person at it."""


@dataclass(frozen=True)
class Totals:
    """What the desk shows: visits and people of one opening so far."""

    visits: int = 0
    people: int = 0


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Questions about openings, and opening the desk."""

    def open(self) -> OpeningQuerySet:
        """Desks that are open, overdue ones included."""
        return self.filter(state=Opening.State.OPEN)

    def current(self) -> Opening | None:
        """The desk that is open this evening, if one is."""
        return self.open().filter(date=periods.evening(timezone.localtime())).order_by("pk").first()

    def overdue(self) -> OpeningQuerySet:
        """Desks nobody closed by 06:00."""
        return self.open().filter(date__lt=periods.evening(timezone.localtime()))

    def start(self, *, kind: str, place: str = "") -> Opening:
        """Open the desk for this evening, or open it again; whoever comes second finds it open.

        Also folds whatever was left open before, so that no timetable is needed for it.
        """
        self.fold_overdue()
        with transaction.atomic():
            pk = self.get_or_create(
                date=periods.evening(timezone.localtime()),
                place=place,
                defaults={"kind": kind, "state": Opening.State.OPEN},
            )[0].pk
            opening = Opening.objects.select_for_update().get(pk=pk)
            if opening.state != Opening.State.OPEN:
                opening.state = Opening.State.OPEN
                opening.save(update_fields=["state"])
        return opening

    def fold_overdue(self) -> int:
        """Fold every desk nobody closed; returns how many. Safe to run at any time, by several at once."""
        overdue = list(self.overdue().order_by("pk"))
        for opening in overdue:
            opening.fold()
        return len(overdue)


class Opening(models.Model):
    """One evening's drop-in at one place. After the evening it keeps its state, visits and people, nothing else."""

    class Kind(models.TextChoices):
        """How it came about."""

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

    date = models.DateField(_("evening of"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    place = models.CharField(_("place"), max_length=60, blank=True, default="")
    state = models.CharField(_("state"), max_length=12, choices=State)
    visits = models.PositiveIntegerField(_("visits"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        ordering = ["-date", "place"]
        default_permissions = ("view",)
        permissions = [("staff_desk", "Can staff the desk")]
        constraints = [
            models.UniqueConstraint(fields=["date", "place"], name="opening_once_an_evening"),
            models.CheckConstraint(
                # A comparison with nothing is neither true nor false, and a check lets it pass: so ask first.
                condition=Q(state__in=["open", "not_recorded"], visits__isnull=True, people__isnull=True)
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
        """Whether its desk is open: said so by its state, and its evening is not over."""
        return self.state == self.State.OPEN and self.date >= periods.evening(timezone.localtime())

    def totals(self) -> Totals:
        """Visits and people so far: what was folded before it was opened again, and what is on the desk now."""
        live = self.live_visits.aggregate(visits=Count("id"), people=Sum("people", default=0))
        return Totals((self.visits or 0) + live["visits"], (self.people or 0) + live["people"])

    def close(self, *, nobody_came: bool = False) -> None:
        """Close the desk: fold its visits away.

        With no visit at all somebody has to say which it was: `nobody_came`, or else it counts as not recorded.
        Closing twice is harmless.
        """
        self.fold(if_empty=self.State.NOBODY_CAME if nobody_came else self.State.NOT_RECORDED)

    def fold(self, *, if_empty: str = State.NOT_RECORDED) -> None:
        """Add the evening's visits to the month and delete them. All of it or nothing; again changes nothing."""
        from hub.models import order  # noqa: PLC0415 -- it knows every table of the desk
        from hub.models.visits import Visit  # noqa: PLC0415 -- visits know their opening

        with transaction.atomic():
            self.refresh_from_db(from_queryset=Opening.objects.select_for_update())
            if self.state == self.State.OPEN:
                self._fold_visits(if_empty)
        transaction.on_commit(Visit.objects.sweep)
        transaction.on_commit(order.forget_arrivals)

    def _fold_visits(self, if_empty: str) -> None:
        from hub.models.visits import SeenVisit, VisitItem  # noqa: PLC0415 -- visits know their opening

        totals = self.totals()
        fresh = self.live_visits.aggregate(visits=Count("id"), people=Sum("people", default=0))
        given = VisitItem.objects.filter(visit__opening=self).values_list("item_id").annotate(n=Sum("quantity"))
        Tally.objects.add(
            self.month,
            {
                (Measure.VISITS, ""): fresh["visits"],
                (Measure.PEOPLE, ""): fresh["people"],
                **{(Measure.GIVEN, str(item)): n for item, n in given.order_by("item_id")},
            },
        )
        SeenVisit.objects.remember(self)
        self.live_visits.all().delete()
        # Opened again after somebody had counted it: then an empty evening is known to be one.
        nothing_known = not totals.visits and self.visits is None
        self.state = if_empty if nothing_known else self.State.CLOSED
        self.settle(None if self.state == self.State.NOT_RECORDED else totals)

    def settle(self, totals: Totals | None) -> None:
        """Write down what the evening came to, or that nobody knows; the caller holds the row's lock."""
        self.visits, self.people = (totals.visits, totals.people) if totals else (None, None)
        if totals and self.state != self.State.OPEN:
            self.state = self.State.CLOSED if totals.visits else self.State.NOBODY_CAME
        self.save(update_fields=["state", "visits", "people"])

    def check_not_too_old(self) -> None:
        """Raise Closed for an evening whose visits' ids may soon be forgotten."""
        if (timezone.localdate() - self.date).days > periods.LATE_DAYS:
            raise Closed(_now("That evening is too long ago. Add this to the month's totals instead."))


def held(since: dt.date) -> dict[dt.date, int]:
    """How many openings were held in each month since then, this evening's included; those not recorded are not.

    What went out on an evening nobody recorded is not in the books either, so the two go together.
    """
    known = Opening.objects.filter(date__gte=since).exclude(state=Opening.State.NOT_RECORDED).order_by()
    months = known.annotate(in_month=TruncMonth("date")).values_list("in_month").annotate(n=Count("pk"))
    return dict(months.values_list("in_month", "n"))
