"""Enrolments: who has a place in a session, who waits, who was there. The waiting list runs itself.

Whatever changes it locks the session first, lets the list move, looks again, decides and writes: so two people
never get one place, and nobody is passed over without a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pgtrigger
from django.db import models, transaction
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.models.sessions import Session
from school.waiting import InLine, Moves, due, held_until
from volunteers.models import Topic, User
from volunteers.refusals import NotAllowed

TAKING = ("enrolled", "offered", "there")
LIVE = ("enrolled", "offered", "waiting", "there")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions about enrolments, and the verbs that give people places."""

    def taking_a_place(self) -> EnrolmentQuerySet:
        """Those that take up room: enrolled, held for somebody, or there."""
        return self.filter(state__in=TAKING)

    def live(self) -> EnrolmentQuerySet:
        """Those that still mean something: a place, or a wish for one."""
        return self.filter(state__in=LIVE)

    def expected(self) -> EnrolmentQuerySet:
        """The people of a register, by name."""
        return (
            self.filter(state__in=["enrolled", "there", "not_there"])
            .select_related("person")
            .order_by("person__chosen_name", "person_id")
        )

    def in_line(self) -> EnrolmentQuerySet:
        """Whoever waits or has a place held for them, in the order of the list."""
        return self.filter(state__in=["waiting", "offered"]).select_related("person").order_by("line")

    def untold(self, now: dt.datetime) -> EnrolmentQuerySet:
        """Places held for people whom no letter reaches: somebody has to tell them."""
        unreachable = Q(person__email__isnull=True) | Q(person__silenced__contains=[Topic.SCHOOL])
        return self.filter(unreachable, state="offered", held_until__gt=now).select_related("person", "session")

    def moves(self, session: Session, now: dt.datetime) -> Moves:
        """What is due on this session's waiting list at this moment."""
        return self.moves_of([session], now)[session.pk]

    def moves_of(self, sessions: Collection[Session], now: dt.datetime) -> dict[int, Moves]:
        """The same for several, in one statement."""
        return {board.session.pk: board.moves for board in self.boards(sessions, now)}

    def boards(self, sessions: Collection[Session], now: dt.datetime) -> list[Board]:
        """Everybody on these sessions as they stand at this moment, in one statement."""
        rows: dict[int, list[Enrolment]] = {session.pk: [] for session in sessions}
        for row in self.filter(session__in=sessions, state__in=LIVE).order_by("line"):
            rows[row.session_id].append(row)
        return [Board(session, rows[session.pk], _due(session, rows[session.pk], now)) for session in sessions]

    @transaction.atomic
    def move_along(self, session: Session, now: dt.datetime) -> Moves:
        """Let the waiting list move: offers that ran out go behind everybody, free places to whoever is next.

        The caller may hold the session's lock already. Safe at any time, by several at once.
        """
        session = session.lock()
        moves = self.moves(session, now)
        for enrolment in self.filter(pk__in=moves.lapsed).order_by("line"):
            enrolment.state, enrolment.held_until = Enrolment.State.WAITING, None
            enrolment.passed, enrolment.line = True, self.behind_everybody(session)
            enrolment.save(update_fields=["state", "held_until", "passed", "line"])
        until = held_until(now, hours=session.hold_hours, starts_at=session.starts_at)
        for enrolment in self.filter(pk__in=moves.offered).select_related("person").order_by("line"):
            enrolment.state, enrolment.held_until = Enrolment.State.OFFERED, until
            enrolment.save(update_fields=["state", "held_until"])
            enrolment.person.tell(Topic.SCHOOL, session.get_absolute_url())
        return moves

    def move_all_along(self, now: dt.datetime) -> int:
        """The same for every session with somebody waiting; returns how many. One that fails holds up no other."""
        waited_for = Session.objects.announced().ahead(now).filter(enrolments__state__in=["waiting", "offered"])
        return sum(bool(self.move_along(session, now)) for session in waited_for.distinct())

    def remind(self, now: dt.datetime, ahead: dt.timedelta) -> int:
        """Tell everybody once who has a place in a session that is near; returns how many."""
        near = Session.objects.announced().filter(starts_at__gt=now, starts_at__lte=now + ahead)
        told = 0
        with transaction.atomic():
            rows = self.filter(session__in=near, state="enrolled", reminded=False).select_related("person")
            for enrolment in rows.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
                enrolment.person.tell(Topic.REMINDERS, enrolment.get_absolute_url())
                enrolment.reminded = True
                enrolment.save(update_fields=["reminded"])
                told += 1
        return told

    def behind_everybody(self, session: Session) -> int:
        """The number of whoever comes last. Needs the session's lock."""
        last: int = self.filter(session=session).aggregate(last=Max("line", default=0))["last"]
        return last + 1

    def before_everybody(self, session: Session) -> int:
        """The number of whoever goes first. Needs the session's lock."""
        first: int = self.filter(session=session).aggregate(first=Min("line", default=1))["first"]
        return first - 1

    @transaction.atomic
    def take_place(self, session: Session, person: User, *, now: dt.datetime, by_trainer: bool = False) -> Enrolment:
        """Give this person a place: at once if one is theirs to take, else on the waiting list.

        Asking again changes nothing, but for whoever waits: a place that is free for them by now is theirs.
        """
        session = session.lock()
        self._refuse_unless_open(session, person, now, by_trainer=by_trainer)
        moves = self.move_along(session, now)
        enrolment: Enrolment | None = self.filter(session=session, person=person).first()
        if enrolment is None or enrolment.state == Enrolment.State.WITHDRAWN:
            enrolment = enrolment or Enrolment(session=session, person=person)
            enrolment.line, enrolment.passed, enrolment.out_of_turn = self.behind_everybody(session), False, ""
            enrolment.state = Enrolment.State.ENROLLED if moves.left else Enrolment.State.WAITING
            enrolment.reminded = False
            enrolment.save()
        elif enrolment.state == Enrolment.State.OFFERED or (enrolment.state == Enrolment.State.WAITING and moves.left):
            enrolment.state, enrolment.held_until, enrolment.passed = Enrolment.State.ENROLLED, None, False
            enrolment.save(update_fields=["state", "held_until", "passed"])
        else:
            return enrolment
        if enrolment.state == Enrolment.State.ENROLLED or by_trainer:
            person.tell(Topic.SCHOOL, session.get_absolute_url())
        return enrolment

    @transaction.atomic
    def walk_in(self, session: Session, person: User, *, now: dt.datetime) -> Enrolment:
        """Somebody came without a place: they are there now, as long as there is room."""
        session = session.lock()
        session_takes_marks(session, now)
        self.move_along(session, now)
        enrolment: Enrolment | None = self.filter(session=session, person=person).first()
        if enrolment and enrolment.state == Enrolment.State.THERE:
            return enrolment
        if not (enrolment and enrolment.state in TAKING):
            refuse_if_full(session)
        if enrolment is None:
            enrolment = Enrolment(session=session, person=person, line=self.behind_everybody(session))
        enrolment.state, enrolment.held_until = Enrolment.State.THERE, None
        enrolment.save()
        return enrolment

    def _refuse_unless_open(self, session: Session, person: User, now: dt.datetime, *, by_trainer: bool) -> None:
        """Refuse in a sentence what is over, off, not announced, or not meant for them."""
        if not session.is_on:
            raise NotAllowed(_now("This session was called off."))
        if session.begun(now):
            raise NotAllowed(
                _now("This session has begun. Whoever comes now is added to the register.")
                if session.ends_at > now
                else _now("This session is over.")
            )
        if session.state != Session.State.ANNOUNCED:
            raise NotAllowed(_now("This session is still being planned. Announce it first."))
        if not person.is_active:
            raise NotAllowed(_now("Their account is paused."))
        if not (by_trainer or session.public or self._is_meant_for(session, person)):
            raise NotAllowed(_now("This session is for one group. A trainer can put you on it."))

    def _is_meant_for(self, session: Session, person: User) -> bool:
        mine = self.live().filter(session=session, person=person).exists()
        return mine or bool(session.cohort and session.cohort.members.filter(pk=person.pk).exists())


class Enrolment(models.Model):
    """One person and one session: waiting, offered a place, enrolled, withdrawn; then there or not there.

    Nothing here says when they asked, why they did not come, or who marked them. The rows of a session go once it
    is settled.
    """

    class State(models.TextChoices):
        """There is no default: each state was said by somebody."""

        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("place held")
        ENROLLED = "enrolled", _("enrolled")
        WITHDRAWN = "withdrawn", _("withdrawn")
        THERE = "there", _("there")
        NOT_THERE = "not_there", _("not there")

    session = models.ForeignKey(Session, verbose_name=_("session"), on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="enrolments")
    state = models.CharField(_("state"), max_length=10, choices=State)
    # The order of the waiting list: lower goes first.
    line = models.IntegerField()
    held_until = models.DateTimeField(_("place held until"), null=True, blank=True)
    passed = models.BooleanField(_("let an offer pass"), default=False)
    out_of_turn = models.CharField(_("why they went ahead of others"), max_length=120, blank=True)
    reminded = models.BooleanField(default=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["session", "line"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                name="enrolment_once",
                violation_error_message=_("They are on this session already."),
            ),
            models.UniqueConstraint(fields=["session", "line"], name="enrolment_line_once"),
            models.CheckConstraint(
                condition=Q(state="offered") ^ Q(held_until__isnull=True), name="enrolment_held_until_if_offered"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="there_is_room",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "session_id"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("NEW.state IN ('enrolled', 'offered', 'there')"),
                declare=[("room", "integer"), ("session_state", "text")],
                func="""
                    SELECT places, state INTO room, session_state FROM school_session
                        WHERE id = NEW.session_id FOR NO KEY UPDATE;
                    IF session_state = 'cancelled' THEN
                        RAISE EXCEPTION 'this session was called off' USING ERRCODE = '23514';
                    END IF;
                    IF room <= (SELECT count(*) FROM school_enrolment WHERE session_id = NEW.session_id
                        AND state IN ('enrolled', 'offered', 'there') AND id IS DISTINCT FROM NEW.id) THEN
                        RAISE EXCEPTION 'every place in this session is taken' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="an_outcome_rests_on_it",
                when=pgtrigger.After,
                operation=pgtrigger.Delete | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (SELECT FROM school_outcome o WHERE o.session_id = OLD.session_id
                        AND o.person_id = OLD.person_id AND o.state = 'done' AND o.how = 'register')
                    AND NOT EXISTS (SELECT FROM school_enrolment e WHERE e.session_id = OLD.session_id
                        AND e.person_id = OLD.person_id AND e.state = 'there') THEN
                        RAISE EXCEPTION 'they did a module there, so they were there' USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        """The session's page, where it can be changed."""
        return reverse("school:session", args=[self.session_id])

    @property
    def is_live(self) -> bool:
        """Whether it is a place, or a wish for one."""
        return self.state in LIVE

    def seen(self, moves: Moves) -> str:
        """Its state as it is once what is due has happened, so that a dead worker takes nobody's turn."""
        if self.pk in moves.offered:
            return self.State.OFFERED
        if self.pk in moves.lapsed or (self.passed and self.state == self.State.WAITING):
            return self.State.OFFERED if moves.left else self.State.WAITING
        return self.state

    @transaction.atomic
    def withdraw(self, *, now: dt.datetime) -> None:
        """Give the place back, or leave the list; the place goes to whoever is next. Twice is harmless."""
        session = self.session.lock()
        self.refresh_from_db()
        if self.state not in ("enrolled", "offered", "waiting"):
            if self.state == self.State.WITHDRAWN:
                return
            raise NotAllowed(_now("The register has this already. A trainer can put it right there."))
        self.state, self.held_until = self.State.WITHDRAWN, None
        self.out_of_turn = ""
        self.save(update_fields=["state", "held_until", "out_of_turn"])
        Enrolment.objects.move_along(session, now)

    @transaction.atomic
    def go_first(self, reason: str, *, now: dt.datetime) -> None:
        """Put them first on the list, or give them the place that is free, for a reason that everybody may hear.

        A place that is held for somebody else stays theirs.
        """
        session = self.session.lock()
        Enrolment.objects.move_along(session, now)
        self.refresh_from_db()
        if self.state != self.State.WAITING:
            raise NotAllowed(_now("They are not waiting any more."))
        if not reason.strip():
            raise NotAllowed(_now("Say why they go ahead of the others."))
        self.line, self.passed = Enrolment.objects.before_everybody(session), False
        self.out_of_turn = reason.strip()[:120]
        self.save(update_fields=["line", "passed", "out_of_turn"])
        Enrolment.objects.move_along(session, now)
        self.refresh_from_db()

    @transaction.atomic
    def mark(self, there: bool | None, *, now: dt.datetime, was: str | None = None) -> Marked:  # noqa: FBT001
        """Say that they were there, were not, or that nobody knows yet (None).

        `was` is what whoever marks it saw before: if somebody else has marked it differently meanwhile, nothing is
        changed and they are told. Undoing "there" takes back what was done there, and what that granted.
        """
        from school.models.outcomes import Outcome  # noqa: PLC0415 -- outcomes rest on enrolments

        session = self.session.lock()
        session_takes_marks(session, now)
        self.refresh_from_db()
        wanted = {True: self.State.THERE, False: self.State.NOT_THERE, None: self.State.ENROLLED}[there]
        if self.state == wanted:
            return Marked(self, [])
        if self.state not in ("enrolled", "there", "not_there"):
            raise NotAllowed(_now("They have no place here. Add them as somebody who walked in."))
        if was is not None and was != self.state:
            raise NotAllowed(
                _now("Somebody else marked this meanwhile: %(state)s. Look again.")
                % {"state": self.get_state_display()}
            )
        lost: list[Lost] = []
        if self.state == self.State.THERE:
            lost = Outcome.objects.take_back(session, self.person, now=now)
        if wanted != self.State.NOT_THERE and self.state == self.State.NOT_THERE:
            refuse_if_full(session)
        self.state = wanted
        self.save(update_fields=["state"])
        return Marked(self, lost)


def _due(session: Session, rows: list[Enrolment], now: dt.datetime) -> Moves:
    closed = session.begun(now) or session.state != Session.State.ANNOUNCED
    taken = sum(row.state in ("enrolled", "there") for row in rows)
    line = [InLine(row.pk, row.line, row.held_until, row.passed) for row in rows if row.state in ("waiting", "offered")]
    return due(line, free=0 if closed else session.places - taken, now=now)


@dataclass(frozen=True)
class Board:
    """A session's live enrolments in the order of its line, and what is due on it."""

    session: Session
    rows: list[Enrolment]
    moves: Moves

    def of(self, person: User) -> Enrolment | None:
        """Their own row."""
        return next((row for row in self.rows if row.person_id == person.pk), None)

    def before(self, row: Enrolment) -> int:
        """How many wait before this one and have not let an offer pass."""
        return sum(one.state == "waiting" and not one.passed and one.line < row.line for one in self.rows)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(row.state == "waiting" for row in self.rows)


@dataclass(frozen=True)
class Lost:
    """A qualification that fell away from somebody, because what it rested on did."""

    person: User
    qualification: str
    holding: int


@dataclass(frozen=True)
class Marked:
    """What marking somebody led to."""

    enrolment: Enrolment
    lost: list[Lost]


def session_takes_marks(session: Session, now: dt.datetime) -> None:
    """Refuse in a sentence to mark a register that is not open."""
    if not session.is_on:
        raise NotAllowed(_now("This session was called off."))
    if session.is_settled:
        raise NotAllowed(_now("This register is settled and gone."))
    if session.register_closed_on:
        raise NotAllowed(_now("The register is closed. Reopen it to put something right."))
    if not session.register_is_open(now):
        raise NotAllowed(_now("This session has not begun. Its register opens two hours before."))


def refuse_if_full(session: Session) -> None:
    """Refuse in a sentence when every place is taken. Needs the session's lock."""
    if session.enrolments.taking_a_place().count() >= session.places:
        raise NotAllowed(
            _now("All %(n)d places are taken. Mark who is not here, or make room for one more.") % {"n": session.places}
        )
