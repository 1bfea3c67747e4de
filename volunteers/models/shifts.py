"""Shifts: when and where, in which state, with whom, and who leads one that is on."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.eligibility import Rules, ShiftSpan, in_words
from volunteers.models.people import LetterKind, User
from volunteers.models.people_queryset import PeopleQuerySet
from volunteers.models.posts import replace_posts
from volunteers.models.qualifications import Holding, Qualification
from volunteers.models.shift_queryset import AROUND, ShiftQuerySet, follow_up_planning, refuse_unless_planner
from volunteers.models.signups import Signup
from volunteers.shared.name_queries import NameField
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention
from volunteers.shared.registries.moving import Move, follow_move
from volunteers.staffing import LEAD, URGENT, Lack, Staffing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from volunteers.models.posts import Post, Wanted

MAX_LENGTH = dt.timedelta(hours=24)


class Shift(models.Model):
    """A time and a place that people staff. Until it is published only planners see it.

    The desk opens planned openings from published shifts whose `drop_in` is set.
    """

    class State(models.TextChoices):
        """The states of a shift. A cancelled one keeps the reason that people were told."""

        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")

    title = NameField(_("what it is"), max_length=60, default="Drop-in")
    place = models.CharField(_("place"), max_length=60, blank=True, default="")
    drop_in = models.BooleanField(
        _("people come in"),
        default=True,
        help_text=_("Then it needs a lead and somebody naloxone-trained, and somebody can open the desk for it."),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    reason = models.CharField(_("why it is cancelled"), max_length=200, blank=True, default="")
    note = models.CharField(
        _("note for who is on"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("About the shift, not about a person."),
    )
    pattern = models.ForeignKey(
        "volunteers.Pattern", models.SET_NULL, verbose_name=_("pattern"), null=True, blank=True, related_name="shifts"
    )
    pattern_day = models.DateField(_("day in the pattern"), null=True, blank=True)
    batch = models.ForeignKey(
        "volunteers.Batch",
        verbose_name=_("made together"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="shifts",
    )
    alerted_on = models.DateField(null=True, blank=True, editable=False)
    # It came in while people were being asked when they can; `short` is what is left of its staffing later.
    asked_anew = models.BooleanField(default=False, db_default=False, editable=False)
    short = models.PositiveSmallIntegerField(null=True, editable=False)

    # Set by `with_people`.
    all_posts: list[Post]
    on_it: list[Signup]
    # Set by `with_counts`.
    needed: int
    free: int
    people_on: int
    looking: int
    has_lead: bool
    has_naloxone: bool

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "pk"]
        permissions = [("plan_rota", "Can plan the rota and say who is on")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_start",
                violation_error_message=_("It must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + MAX_LENGTH),
                name="shift_a_day_at_most",
                violation_error_message=_("A shift lasts 24 hours at most. Make two shifts."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published"], reason="") | Q(state="cancelled") & ~Q(reason=""),
                name="shift_cancelled_for_a_reason",
                violation_error_message=_("Say why it is cancelled. People on the shift see it."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="shift_title_given", violation_error_message=_("Write what it is.")
            ),
            models.CheckConstraint(
                condition=Q(pattern__isnull=True) | Q(pattern_day__isnull=False), name="shift_pattern_knows_its_day"
            ),
            models.UniqueConstraint(
                fields=["pattern", "pattern_day"],
                name="shift_once_a_day_of_its_pattern",
                violation_error_message=_("That pattern already has a shift for that day."),
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="shift_by_start")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="takes_its_people_along",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("starts_at", "ends_at"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition(
                    "OLD.starts_at IS DISTINCT FROM NEW.starts_at OR OLD.ends_at IS DISTINCT FROM NEW.ends_at"
                ),
                func="""
                    UPDATE volunteers_signup SET during = tstzrange(NEW.starts_at, NEW.ends_at)
                    WHERE shift_id = NEW.id;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="cancelled_frees_its_people",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("OLD.state <> 'cancelled' AND NEW.state = 'cancelled'"),
                func="""
                    UPDATE volunteers_signup SET state = 'withdrawn'
                    WHERE shift_id = NEW.id AND state IN ('confirmed', 'looking');
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.when}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rota:shift", args=[self.pk])

    @property
    def span(self) -> ShiftSpan:
        """Its start and end."""
        return ShiftSpan(self.pk, self.starts_at, self.ends_at)

    @property
    def when(self) -> str:
        """Its day and times in words."""
        return in_words(self.span, Rules(zone=timezone.get_default_timezone()))

    @property
    def day(self) -> dt.date:
        """The day it starts on."""
        return timezone.localdate(self.starts_at)

    @property
    def is_cancelled(self) -> bool:
        """Whether it is cancelled."""
        return self.state == self.State.CANCELLED

    @property
    def is_published(self) -> bool:
        """Whether everybody can see it and rely on it."""
        return self.state == self.State.PUBLISHED

    @property
    def is_draft(self) -> bool:
        """Whether only planners can see it."""
        return self.state == self.State.DRAFT

    def is_on(self, now: dt.datetime) -> bool:
        """Whether it is on, as `on_now` asks of many."""
        return self.state == self.State.PUBLISHED and self.starts_at - AROUND <= now < self.ends_at + AROUND

    def people(self) -> PeopleQuerySet:
        """The people on it."""
        people: PeopleQuerySet = User.objects.filter(pk__in=self.signups.live().values("person"))
        return people

    def holders_of(self, qualification: Qualification) -> PeopleQuerySet:
        """The people who count on it and hold this qualification on the day it starts, by name."""
        held = Holding.objects.on(self.day).filter(qualification=qualification)
        people: PeopleQuerySet = User.objects.filter(pk__in=self.signups.counting().values("person"))
        return people.filter(pk__in=held.values("person")).order_by("chosen_name__sorted", "pk")

    def is_led_by(self, person: User, now: dt.datetime) -> bool:
        """Whether this person leads it now."""
        return Shift.objects.filter(pk=self.pk).led_by(person, now).exists()

    @cached_property
    def staffing(self) -> Staffing:
        """The staffing of the shift, by the numbers of `with_counts`."""
        return Staffing(
            self.needed,
            self.free,
            self.people_on,
            self.looking,
            has_lead=self.has_lead,
            has_naloxone=self.has_naloxone,
            drop_in=self.drop_in,
        )

    def urgent_lacks(self) -> set[Lack]:
        """The lacks that planners should hear of at once, counted anew."""
        return set(Shift.objects.with_counts().get(pk=self.pk).staffing.lacks) & URGENT

    def publish(self, *, by: User) -> None:
        """Let everybody see it, and tell the people on it. A second time changes nothing; a cancelled one stays so."""
        if not Shift.objects.filter(pk=self.pk).publish(by=by):
            self.refresh_from_db(fields=["state"])
            if self.is_cancelled:
                raise NotAllowed(_now("This shift is cancelled. Bring it back first."))
        self.state = self.State.PUBLISHED

    @transaction.atomic
    def cancel(self, reason: str, *, by: User) -> list[User]:
        """Cancel it, free the people on it and tell them. Returns them. Planners may, and its lead while it is on."""
        self._lock()
        now = timezone.now()
        if not self.is_led_by(by, now):
            refuse_unless_planner(by)
        if self.is_cancelled:
            raise NotAllowed(_now("This shift is cancelled already."))
        if self.ends_at <= now:
            raise NotAllowed(_now("This shift is over. You cannot cancel it."))
        people = list(self.people().exclude(pk=by.pk)) if self.state == self.State.PUBLISHED else []
        self.state, self.reason = self.State.CANCELLED, reason.strip()
        self._save("state", "reason")
        for post in self.posts.all():
            post.offers.all().delete()
        self._tell(people, by)
        if not by.has_perm("volunteers.plan_rota"):
            self.tell_planners(but=by)
        return people

    @transaction.atomic
    def restore(self, *, by: User) -> None:
        """Put a cancelled shift back: published, and with nobody on it, as they may have other plans."""
        refuse_unless_planner(by)
        self._lock()
        if not self.is_cancelled:
            raise NotAllowed(_now("This shift is not cancelled."))
        self.state, self.reason = self.State.PUBLISHED, ""
        self._save("state", "reason")
        follow_up_planning([self])

    @transaction.atomic
    def move(self, starts_at: dt.datetime, ends_at: dt.datetime, *, by: User) -> list[str]:
        """Change its times, tell everybody on it, and let follow what hangs on them, which is returned in sentences.

        Refused, by name, if somebody is on another shift then, and if people were marked as there or not.
        """
        refuse_unless_planner(by)
        self._lock()
        if self.is_cancelled:
            raise NotAllowed(_now("This shift is cancelled. Bring it back first."))
        if (self.starts_at, self.ends_at) == (starts_at, ends_at):
            return []
        now, was = timezone.now(), self.span
        people = list(self.people().order_by("pk").select_for_update(no_key=True, of=("self",)))
        self.starts_at, self.ends_at = starts_at, ends_at
        self.refuse_if_wrong("starts_at", "ends_at")
        Signup.objects.refuse_if_elsewhere(people, self)
        self.alerted_on = self.short = None
        self._save("starts_at", "ends_at", "alerted_on", "short")
        if self.state == self.State.PUBLISHED:
            self._tell(people, by)
        return follow_move(Move(self, was.starts_at, was.ends_at, now, by))

    @transaction.atomic
    def change(
        self, *, by: User, posts: Sequence[Wanted], starts_at: dt.datetime, ends_at: dt.datetime, **values: Any
    ) -> list[str]:
        """Change its values, times and posts: all or nothing. Only new times are told. Returns what followed."""
        followed = self.move(starts_at, ends_at, by=by)
        for name, value in values.items():
            setattr(self, name, value)
        self._save(*values)
        replace_posts(self, posts)
        return followed

    @transaction.atomic
    def discard(self, *, by: User) -> None:
        """Delete a draft that nobody is on. A published shift is cancelled instead."""
        refuse_unless_planner(by)
        self._lock()
        if not self.is_draft:
            raise NotAllowed(_now("People have seen this shift. Cancel it, and say why."))
        if self.signups.live().exists():
            raise NotAllowed(_now("Somebody is on this shift. Take them off, or cancel it."))
        self.signups.gone().delete()
        self.delete()

    def tell_planners(self, *, but: User | None = None) -> None:
        """Tell the planners of the rota to look at this shift."""
        for person in User.objects.planners():
            if person != but:
                person.tell(LetterKind.GAPS, self.get_absolute_url())

    def tell_leads(self, *, but: User) -> None:
        """Tell the people on it who may lead it to look at it."""
        leads = Holding.objects.on(self.day).filter(qualification__slug=LEAD).values("person")
        self._tell(self.people().filter(pk__in=leads), but)

    def _tell(self, people: Iterable[User], by: User) -> None:
        for person in set(people) - {by}:
            person.tell(LetterKind.SHIFTS, self.get_absolute_url())

    def _lock(self) -> None:
        self.refresh_from_db(from_queryset=Shift.objects.select_for_update(no_key=True))

    def refuse_if_wrong(self, *fields: str) -> None:
        """Raise NotAllowed with the sentence of each rule that these fields would break."""
        try:
            self.clean_fields(exclude=[f.name for f in self._meta.fields if f.name not in fields])
            self.validate_constraints(exclude=[f.name for f in self._meta.fields if f.name.startswith("pattern")])
        except ValidationError as problem:
            raise NotAllowed(problem.messages) from None

    def _save(self, *fields: str) -> None:
        self.refuse_if_wrong(*fields)
        self.save(update_fields=fields)


retention.keep(Shift, until=retention.FOR_GOOD, promise="plan")
