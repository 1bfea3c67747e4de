"""Sessions: dated runs of one or more modules, with room for so many."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.models.cohorts import Cohort
from school.models.courses import Material, Module
from school.models.facilitator_changes import set_facilitators
from school.models.session_modules import SessionModule
from school.models.session_queryset import SessionQuerySet
from volunteers.models import LetterKind, User
from volunteers.shared.name_queries import NameField
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention
from volunteers.shared.registries.merging import Join
from volunteers.shared.registries.moving import Move, follow_move

if TYPE_CHECKING:
    from school.models.enrolments import Enrolment

REGISTER_LEAD_TIME = dt.timedelta(hours=2)
"""The time before the start from which people can be marked as there."""
FEEDBACK_DAYS = 30
"""The time after a session for which its feedback page is open."""
ACCESS_LABELS = {
    "step_free": _("step-free"),
    "bsl": _("BSL interpreted"),
    "childcare": _("childcare"),
    "food": _("food"),
    "online": _("can be joined online"),
}
NOTIFIED_FIELDS = ("starts_at", "ends_at", "place", "link")
"""The fields whose changes people in the session are told about."""


class Session(models.Model):
    """A dated run of modules at a place or a link. Its row is what everybody locks who changes who has a place."""

    class State(models.TextChoices):
        """The states of a session: known to its planners only, announced, or cancelled."""

        PLANNED = "planned", _("in planning")
        ANNOUNCED = "announced", _("announced")
        CANCELLED = "cancelled", _("cancelled")

    title = NameField(
        _("title"), max_length=120, blank=True, help_text=_("Empty: it gets the name of what it teaches.")
    )
    modules = models.ManyToManyField(Module, verbose_name=_("teaches"), through=SessionModule, related_name="sessions")
    cohort = models.ForeignKey(
        Cohort, verbose_name=_("group"), null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    facilitators = models.ManyToManyField(User, verbose_name=_("who gives it"), related_name="gives", blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(
        _("place"),
        max_length=160,
        blank=True,
        help_text=_("People with a place see it. It is also on the printed sheet."),
    )
    link = models.CharField(
        _("link, if it is online"), max_length=300, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    places = models.PositiveSmallIntegerField(
        _("room for"), validators=[MinValueValidator(1), MaxValueValidator(1000)], help_text=_("How many people.")
    )
    public = models.BooleanField(
        _("everybody can ask to join"), default=True, help_text=_("Off: only people you add, or its group.")
    )
    hold_hours = models.PositiveSmallIntegerField(
        _("hold a free place for so many hours"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 14)],
        help_text=_("After that, the next person who waits gets it."),
    )
    step_free = models.BooleanField(ACCESS_LABELS["step_free"], default=False)
    bsl = models.BooleanField(ACCESS_LABELS["bsl"], default=False)
    childcare = models.BooleanField(ACCESS_LABELS["childcare"], default=False)
    food = models.BooleanField(ACCESS_LABELS["food"], default=False)
    online = models.BooleanField(ACCESS_LABELS["online"], default=False)
    access_notes = models.TextField(_("more about access"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    called_off_because = models.CharField(_("why it is called off"), max_length=200, blank=True)
    register_closed_on = models.DateField(null=True, editable=False)
    # What is left of a register once it has gone.
    settled_on = models.DateField(null=True, editable=False)
    came = models.PositiveSmallIntegerField(null=True, editable=False)
    # Those whose rows have gone; they go before the rest.
    not_there = models.PositiveSmallIntegerField(default=0, editable=False)
    # Grows with every change that somebody's calendar must hear of.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # The first of the sessions whose feedback is read together with this one's, once it is enough.
    feedback_pool = models.PositiveBigIntegerField(null=True, editable=False)
    # Opens the feedback page; says nothing of the session.
    feedback_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = SessionQuerySet.as_manager()

    # Set by the questions that say so.
    topics: list[Module]
    titles: list[str]
    theirs: bool
    mine: bool
    taken: int
    waiting: int
    unmarked: int
    missing_outcomes: int

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["starts_at"], name="session_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=_("It must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(places__gt=0),
                name="session_has_room",
                violation_error_message=_("It needs one place or more."),
            ),
            models.CheckConstraint(
                condition=Q(hold_hours__gt=0),
                name="session_holds_places",
                violation_error_message=_("Hold a place for one hour or more."),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") ^ Q(called_off_because=""),
                name="session_off_for_a_reason",
                violation_error_message=_("Say why it is called off."),
            ),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, came__isnull=True)
                | Q(settled_on__isnull=False, came__isnull=False),
                name="session_settled_with_numbers",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="room_for_those_in_it",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("places"),  # type: ignore[no-untyped-call]
                func="""
                    IF NEW.places < (SELECT count(*) FROM school_enrolment
                        WHERE session_id = NEW.id AND state IN ('enrolled', 'offered', 'there')) THEN
                        RAISE EXCEPTION 'more people have a place than that' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where the people in it read about it."""
        return reverse("school:session", args=[self.pk])

    @property
    def name(self) -> str:
        """Its title, or what it teaches."""
        if "titles" in self.__dict__:
            titles = self.titles
        elif "topics" in self.__dict__:
            titles = [module.title for module in self.topics]
        else:
            titles = list(self.modules.order_by("order", "pk").values_list("title", flat=True))
        return self.title or ", ".join(titles) or _now("A session")

    @property
    def is_on(self) -> bool:
        """Whether it has not been called off."""
        return self.state != self.State.CANCELLED

    @property
    def is_settled(self) -> bool:
        """Whether its register is deleted."""
        return self.settled_on is not None

    @property
    def free(self) -> int:
        """The number of free places; needs `with_counts`."""
        return max(0, self.places - self.taken)

    @property
    def access(self) -> list[str]:
        """The access that the session offers, in words."""
        return [str(words) for name, words in ACCESS_LABELS.items() if getattr(self, name)]

    def has_begun(self, now: dt.datetime) -> bool:
        """Whether it has begun, so that nobody takes a place any more."""
        return self.starts_at <= now

    def register_is_open(self, now: dt.datetime) -> bool:
        """Whether people can be marked as there."""
        return self.is_on and now >= self.starts_at - REGISTER_LEAD_TIME and not self.register_closed_on

    @property
    def feedback_ends_at(self) -> dt.datetime:
        """The last moment at which feedback can be given."""
        return self.ends_at + dt.timedelta(days=FEEDBACK_DAYS)

    def takes_feedback(self, now: dt.datetime) -> bool:
        """Whether feedback can be given."""
        return self.is_on and self.starts_at <= now <= self.feedback_ends_at

    def may_take_feedback(self, now: dt.datetime) -> bool:
        """Whether more feedback may come, now or later; a session that is called off may be on again."""
        return now <= self.feedback_ends_at

    def list_materials(self) -> list[Material]:
        """List the materials, each in the edition in use on the session's day."""
        day = timezone.localdate(self.starts_at)
        editions = Material.objects.filter(module__in=self.modules.all(), since__lte=day).select_related("module")
        newest: dict[tuple[int, str], Material] = {}
        for material in editions.order_by("module__order", "module", "title__sorted", "-since", "-pk"):
            newest.setdefault((material.module_id, material.title), material)
        return list(newest.values())

    def lock(self) -> Session:
        """Lock the row before the session or its places change, and return it. Needs a transaction."""
        return Session.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    @transaction.atomic
    def announce(self) -> None:
        """Announce the session, so that people can take places. A second call is harmless."""
        session = self.lock()
        if session.state == self.State.CANCELLED:
            raise NotAllowed(_now("This session was called off. Plan another."))
        if not session.modules.exists():
            raise NotAllowed(_now("Say first what it teaches."))
        session.state = self.State.ANNOUNCED
        session.save(update_fields=["state"])
        self.refresh_from_db()

    @transaction.atomic
    def change(self, *, now: dt.datetime, teaches: list[Module], gives: list[User], **fields: object) -> None:
        """Change the session. People with a place or waiting are told of a new time, place or link.

        Fewer places than people is refused; more places go to the people who wait.
        """
        session = self.lock()
        if not session.is_on:
            raise NotAllowed(_now("This session was called off. Plan another."))
        moved = any(name in fields and fields[name] != getattr(session, name) for name in NOTIFIED_FIELDS)
        move = Move(session, session.starts_at, session.ends_at, now)
        taken = session.enrolments.taking_a_place().count()
        places = fields.get("places", session.places)
        if isinstance(places, int) and places < taken:
            raise NotAllowed(
                _now("%(n)d people have a place. Make it as big, or remove somebody first.") % {"n": taken}
            )
        for name, value in fields.items():
            setattr(session, name, value)
        session.revision += moved
        session.save()
        if (session.starts_at, session.ends_at) != (move.started_at, move.ended_at):
            follow_move(move)
        session.set_modules(teaches)
        set_facilitators(session, gives)
        session.enrolments.move_waiting_list(session, now)
        if moved and session.state == self.State.ANNOUNCED and not session.has_begun(now):
            session.notify_people()
        self.refresh_from_db()

    def set_modules(self, modules: list[Module]) -> None:
        """Set the modules of this session. Refused if somebody did a removed module here."""
        wanted = {module.pk for module in modules}
        there = set(self.parts.values_list("module_id", flat=True))
        if self.outcomes.filter(module_id__in=there - wanted).exists():
            raise NotAllowed(_now("Somebody has an outcome for a module you removed. The module stays."))
        self.parts.exclude(module_id__in=wanted).delete()
        SessionModule.objects.bulk_create(SessionModule(session=self, module_id=pk) for pk in sorted(wanted - there))

    @transaction.atomic
    def call_off(self, because: str, *, now: dt.datetime) -> list[User]:
        """Cancel it, with a sentence for the people in it, who are told; who they are. Twice is harmless."""
        session = self.lock()
        if session.state == self.State.CANCELLED:
            return []
        if session.register_closed_on or session.enrolments.filter(state="there").exists():
            raise NotAllowed(_now("People are marked as there, so it has taken place."))
        if not because.strip():
            raise NotAllowed(_now("Say why it is called off. The people on it read this."))
        tells = session.state == self.State.ANNOUNCED and session.ends_at > now
        session.state, session.called_off_because = self.State.CANCELLED, because.strip()[:200]
        session.revision += 1
        session.save(update_fields=["state", "called_off_because", "revision"])
        session.enrolments.filter(state="offered").update(state="waiting", held_until=None)
        people = session.notify_people() if tells else []
        self.refresh_from_db()
        return people

    def notify_people(self) -> list[User]:
        """Notify everybody with a place or waiting, and who gives it, that there is something new."""
        live: models.QuerySet[Enrolment] = self.enrolments.live().select_related("person")
        people = [enrolment.person for enrolment in live.order_by("pk")]
        for person in people:
            person.tell(LetterKind.SCHOOL, self.get_absolute_url())
        for person in self.facilitators.exclude(pk__in=[person.pk for person in people]).order_by("pk"):
            person.tell(LetterKind.SCHOOL, self.get_absolute_url())
        return people


retention.keep(Session, until=retention.FOR_GOOD, promise="sessions-held")
retention.keep(Session.facilitators.through, until=retention.WITH_ACCOUNT, promise="learning")
personal_data.hold(
    Session.facilitators.through,
    "user",
    part="school",
    merge=Join(("session",), name=_("Sessions they give"), becomes=_("they give it once."), turn=52),
)
