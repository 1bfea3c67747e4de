"""Openings: one evening's drop-in, from the desk opening until it is folded into the month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pgtrigger
from django.db import models, transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.desk import question_types
from hub.desk.models.public_stock import Picture
from hub.desk.models.tallies import Measure, Tally
from hub.directory.models.alerts import Alert
from volunteers.models import Shift, User
from volunteers.shared.registries import retention, row_order
from volunteers.staffing import LEAD


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

    def tonight(self) -> OpeningQuerySet:
        """The desks that are open this evening, the first opened first."""
        return self.open().filter(date=periods.tonight()).order_by("pk")

    def current(self) -> Opening | None:
        """The desk that is open this evening, if one is."""
        return self.tonight().first()

    def overdue(self) -> OpeningQuerySet:
        """Desks nobody closed by 06:00."""
        return self.open().filter(date__lt=periods.tonight())

    def start(self, *, kind: str, place: str = "", shift: Shift | None = None) -> Opening:
        """Open the desk for this evening, or open it again; whoever comes second finds it open.

        Also folds whatever was left open before, so that no timetable is needed for it, and takes the picture of
        the shelf that strangers see, before anybody is given anything.
        """
        self.fold_overdue()
        with transaction.atomic():
            Picture.take()
            pk = self.get_or_create(
                date=periods.tonight(),
                place=shift.place if shift else place,
                defaults={"kind": kind, "state": Opening.State.OPEN, "shift": shift},
            )[0].pk
            opening = Opening.objects.select_for_update().get(pk=pk)
            if opening.state != Opening.State.OPEN:
                opening.state = Opening.State.OPEN
                opening.save(update_fields=["state"])
        return opening

    def start_for(self, shift: Shift) -> Opening:
        """Open the desk that this shift staffs."""
        return self.start(kind=Opening.Kind.PLANNED, shift=shift)

    def planned_tonight(self) -> list[Shift]:
        """The drop-in shifts of this evening, cancelled ones too, whose desk is not open yet; the first first."""
        open_at = set(self.tonight().values_list("place", flat=True))
        return [shift for shift in self.shifts_tonight() if shift.place not in open_at]

    def shifts_tonight(self) -> list[Shift]:
        """The drop-in shifts of this evening, cancelled ones too; the first first."""
        tonight = periods.tonight()
        return _drop_ins(tonight, tonight)

    @transaction.atomic
    def cancel(self, shift: Shift, reason: str, *, by: User) -> list[User]:
        """Call a shift of this evening off, and the desk it staffs if that was opened and nobody came; who is told.

        Raises Closed if somebody came, and NotAllowed as the shift does.
        """
        opening = self.tonight().filter(place=shift.place).first()
        if opening is not None:
            opening.cancel()
        return shift.cancel(reason, by=by)

    def write_down_missed(self) -> int:
        """Planned evenings that came and went without a desk: cancelled, or nobody knows. Returns how many."""
        before = periods.tonight() - dt.timedelta(days=1)
        since = before - dt.timedelta(days=periods.SEEN_DAYS)
        known = set(self.filter(date__gte=since).values_list("date", "place"))
        missed: dict[tuple[dt.date, str], Opening] = {}
        for shift in _drop_ins(since, before):
            where = (periods.evening(timezone.localtime(shift.starts_at)), shift.place)
            if where in known or (where in missed and shift.is_cancelled):
                continue
            state = Opening.State.CANCELLED if shift.is_cancelled else Opening.State.NOT_RECORDED
            missed[where] = Opening(date=where[0], place=where[1], kind=Opening.Kind.PLANNED, state=state, shift=shift)
        Opening.objects.bulk_create(missed.values(), ignore_conflicts=True)
        return len(missed)

    def of_evening(self, evening: dt.date) -> Opening:
        """The opening of an evening that a device without a network knows only by its date.

        If none was opened, it is now: the visits say that there was one. Raises Closed where that cannot be.
        """
        tonight = periods.tonight()
        if evening > tonight:
            raise Closed(_now("That evening has not come yet. Is the date on this device right?"))
        found = list(self.filter(date=evening).order_by("place")[:2])
        if len(found) > 1 and found[0].place:
            raise Closed(_now("There were several desks that evening. Add this to the month's totals instead."))
        if found:
            return found[0]
        if evening == tonight:
            return self.start(kind=Opening.Kind.UNPLANNED)
        opening = Opening(date=evening, kind=Opening.Kind.UNPLANNED, state=Opening.State.NOT_RECORDED)
        opening.check_not_too_old()
        return self.get_or_create(date=evening, place="", defaults={"kind": opening.kind, "state": opening.state})[0]

    def fold_overdue(self) -> int:
        """Fold every desk nobody closed; returns how many. Safe to run at any time, by several at once.

        Writes down the planned evenings on which no desk was opened, too.
        """
        overdue = list(self.overdue().order_by("pk"))
        for opening in overdue:
            opening.fold()
        self.write_down_missed()
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

    @staticmethod
    def may_lead(person: User) -> bool:
        """Whether this person leads tonight: pairs devices, cancels, shows an alert, with no coordinator online.

        A coordinator always; else tonight's lead by the rota; where no shift is on, whoever may lead one.
        """
        if person.has_perm("hub.lead_openings"):
            return True
        now = timezone.now()
        if not person.has_perm("hub.staff_desk"):
            return False
        if Shift.objects.led_by(person, now).exists():
            return True
        return person.holds(LEAD, timezone.localdate()) and not Shift.objects.on_now(now).filter(drop_in=True).exists()

    @property
    def month(self) -> dt.date:
        """The month it counts in: that of its date, whatever the clock says after midnight."""
        return periods.month_of(self.date)

    @property
    def is_open(self) -> bool:
        """Whether its desk is open: said so by its state, and its evening is not over."""
        return self.state == self.State.OPEN and self.date >= periods.tonight()

    def totals(self) -> Totals:
        """Visits and people so far: what was folded before it was opened again, and what is on the desk now."""
        live = self.live_visits.aggregate(visits=Count("id"), people=Sum("people", default=0))
        return Totals((self.visits or 0) + live["visits"], (self.people or 0) + live["people"])

    def close(self, *, nobody_came: bool = False, bins: Mapping[str, int] | None = None) -> bool:
        """Close the desk: fold its visits away, and count the sharps bins that came back. False if it was closed.

        With no visit at all somebody has to say which it was: `nobody_came`, or else it counts as not recorded.
        Closing twice is harmless.
        """
        return self.fold(if_empty=self.State.NOBODY_CAME if nobody_came else self.State.NOT_RECORDED, bins=bins)

    def ring_address(self) -> str:
        """Where a coordinator reads whom to ring."""
        return reverse("hub:evening-ring", args=[self.pk])

    @transaction.atomic
    def cancel(self) -> None:
        """It is not happening after all: a desk that was opened, and closes before anybody came. Raises Closed."""
        self.refresh_from_db(from_queryset=Opening.objects.select_for_update())
        if self.totals().visits:
            raise Closed(_now("Somebody came already. Close the desk instead."))
        if self.state != self.State.CANCELLED:
            self.fold()
            self.state = self.State.CANCELLED
            self.settle(None)

    def fold(self, *, if_empty: str = State.NOT_RECORDED, bins: Mapping[str, int] | None = None) -> bool:
        """Add the evening's visits to the month and delete them. All of it or nothing; again changes nothing."""
        from hub.desk.models.visits import Visit  # noqa: PLC0415 -- visits know their opening

        with transaction.atomic():
            self.refresh_from_db(from_queryset=Opening.objects.select_for_update())
            was_open = self.state == self.State.OPEN
            if was_open:
                self._fold_visits(if_empty)
                Tally.objects.add(self.month, {(Measure.BINS, key): n for key, n in (bins or {}).items()})
                if not Opening.objects.open().filter(date=self.date).exists():
                    Alert.objects.leave_the_desk(self.date)
        transaction.on_commit(Visit.objects.sweep)
        transaction.on_commit(row_order.rewrite_in_key_order)
        return was_open

    def _fold_visits(self, if_empty: str) -> None:
        from hub.desk.models.visits import SeenVisit, VisitItem  # noqa: PLC0415 -- visits know their opening

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
        Tally.objects.hear(self.month, self.heard(self.live_visits.exclude(said={}).values_list("said", flat=True)))
        SeenVisit.objects.remember(self)
        self.live_visits.all().delete()
        self.devices.all().delete()
        # Opened again after somebody had counted it: then an empty evening is known to be one.
        nothing_known = not totals.visits and self.visits is None
        self.state = if_empty if nothing_known else self.State.CLOSED
        self.settle(None if self.state == self.State.NOT_RECORDED else totals)

    def heard(self, said: Iterable[question_types.Said]) -> Counter[str]:
        """How often each answer was given that evening, of the questions that were asked on it."""
        from hub.desk.models.questions import Question  # noqa: PLC0415 -- questions point at what points at openings

        counted: Counter[str] = Counter()
        if any(said := list(said)):
            offered = Question.objects.offered(self.date)
            for one in said:
                counted.update(question_types.keys(one, offered))
        return counted

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
    known = Opening.objects.filter(date__gte=since).exclude(state__in=Opening.NOT_HELD).order_by()
    months = known.annotate(in_month=TruncMonth("date")).values_list("in_month").annotate(n=Count("pk"))
    return dict(months.values_list("in_month", "n"))


def _drop_ins(first: dt.date, last: dt.date) -> list[Shift]:
    """Published and cancelled drop-in shifts of these evenings, the first first."""
    zone = timezone.get_default_timezone()
    assert isinstance(zone, ZoneInfo)  # noqa: S101 -- TIME_ZONE names a zone; for mypy
    shifts = Shift.objects.exclude(state=Shift.State.DRAFT).filter(
        drop_in=True,
        starts_at__gte=periods.over_at(first - dt.timedelta(days=1), zone),
        starts_at__lt=periods.over_at(last, zone),
    )
    return list(shifts.order_by("starts_at", "pk"))


retention.keep(Opening, until=retention.FOR_GOOD, promise="totals")
row_order.rewrite(Opening)
row_order.wait_while(lambda: Opening.objects.open().exists())
