"""Questions about enrolments, and the waiting list of a session, which runs itself.

Whatever changes it locks the session first, lets the list move, looks again, decides and writes: so two people
never get one place, and nobody is passed over without a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _now

from school.models.sessions import Session
from school.waiting import Moves, WaitingEntry, get_hold_end, plan_moves
from volunteers.models import LetterKind, User
from volunteers.shared.refusals import NotAllowed

if TYPE_CHECKING:
    from school.models.enrolments import Enrolment

TAKING = ("enrolled", "offered", "there")
LIVE = ("enrolled", "offered", "waiting", "there")
REMINDER_LEAD_TIME = dt.timedelta(hours=36)
"""The time before a session when people are reminded."""


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions about enrolments, and the verbs that give people places."""

    def taking_a_place(self) -> EnrolmentQuerySet:
        """Enrolments that take a place: enrolled, offered, or there."""
        return self.filter(state__in=TAKING)

    def live(self) -> EnrolmentQuerySet:
        """Enrolments that are a place, or a wish for one."""
        return self.filter(state__in=LIVE)

    def counting(self) -> EnrolmentQuerySet:
        """Enrolments of people who can come: whose account is paused holds up nobody, but for who was there."""
        return self.filter(Q(person__is_active=True) | Q(state="there"))

    def expected(self) -> EnrolmentQuerySet:
        """Enrolments of a register, by name."""
        return (
            self.filter(state__in=["enrolled", "there", "not_there"])
            .select_related("person")
            .order_by("person__chosen_name__sorted", "person_id")
        )

    def unreachable(self, now: dt.datetime) -> EnrolmentQuerySet:
        """Offers to people whom no letter reaches: somebody has to tell them."""
        unreachable = Q(person__email__isnull=True) | Q(person__silenced__contains=[LetterKind.SCHOOL])
        return self.filter(unreachable, state="offered", held_until__gt=now).select_related("person", "session")

    def plan_moves(self, session: Session, now: dt.datetime) -> Moves:
        """The moves that are due on this session's waiting list at this moment."""
        (roster,) = self.load_rosters([session], now)
        return roster.moves

    def load_rosters(self, sessions: Collection[Session], now: dt.datetime) -> list[SessionRoster]:
        """Load the rosters of these sessions at this moment, in one statement."""
        rows: dict[int, list[Enrolment]] = {session.pk: [] for session in sessions}
        for row in self.counting().filter(session__in=sessions, state__in=LIVE).order_by("line"):
            rows[row.session_id].append(row)
        return [SessionRoster.plan(session, rows[session.pk], now) for session in sessions]

    @transaction.atomic
    def move_waiting_list(self, session: Session, now: dt.datetime) -> Moves:
        """Move the waiting list: expired offers go behind everybody, and free places are offered to the next people.

        The caller may hold the session's lock already. Safe at any time, by several at once.
        """
        session = session.lock()
        moves = self.plan_moves(session, now)
        self._make_room(session, len(moves.offered))
        for enrolment in self.filter(pk__in=moves.lapsed).order_by("line"):
            enrolment.state, enrolment.held_until = self.model.State.WAITING, None
            enrolment.passed, enrolment.line = True, self.get_back_position(session)
            enrolment.save(update_fields=["state", "held_until", "passed", "line"])
        until = get_hold_end(now, hours=session.hold_hours, starts_at=session.starts_at)
        for enrolment in self.filter(pk__in=moves.offered).select_related("person").order_by("line"):
            enrolment.state, enrolment.held_until = self.model.State.OFFERED, until
            enrolment.save(update_fields=["state", "held_until"])
            enrolment.person.tell(LetterKind.SCHOOL, session.get_absolute_url())
        return moves

    def move_all_waiting_lists(self, now: dt.datetime) -> int:
        """Move the list of every session with somebody waiting; returns their number."""
        waited_for = Session.objects.announced().ahead(now).filter(enrolments__state__in=["waiting", "offered"])
        return sum(bool(self.move_waiting_list(session, now)) for session in waited_for.distinct())

    def send_reminders(self, now: dt.datetime, ahead: dt.timedelta) -> int:
        """Remind everybody once who has a place in a session that is near; returns their number."""
        near = Session.objects.announced().filter(starts_at__gt=now, starts_at__lte=now + ahead)
        number = 0
        with transaction.atomic():
            rows = self.counting().filter(session__in=near, state="enrolled", reminded=False).select_related("person")
            for enrolment in rows.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
                enrolment.person.tell(LetterKind.REMINDERS, enrolment.get_absolute_url())
                enrolment.reminded = True
                enrolment.save(update_fields=["reminded"])
                number += 1
        return number

    def get_back_position(self, session: Session) -> int:
        """Return the position behind everybody. Needs the session's lock."""
        last: int = self.filter(session=session).aggregate(last=Max("line", default=0))["last"]
        return last + 1

    def get_front_position(self, session: Session) -> int:
        """Return the position in front of everybody. Needs the session's lock."""
        first: int = self.filter(session=session).aggregate(first=Min("line", default=1))["first"]
        return first - 1

    @transaction.atomic
    def take_place(self, session: Session, person: User, *, now: dt.datetime, by_trainer: bool = False) -> Enrolment:
        """Give this person a place: at once if one is theirs to take, else on the waiting list.

        Asking again changes nothing, unless the person waits and a place is free by now: then it is theirs.
        """
        session = session.lock()
        self._refuse_unless_open(session, person, now, by_trainer=by_trainer)
        moves = self.move_waiting_list(session, now)
        enrolment: Enrolment | None = self.filter(session=session, person=person).first()
        if enrolment is None or enrolment.state == "withdrawn":
            enrolment = enrolment or self.model(session=session, person=person)
            enrolment.line, enrolment.passed, enrolment.out_of_turn = self.get_back_position(session), False, ""
            self._make_room(session, bool(moves.left))
            enrolment.state = self.model.State.ENROLLED if moves.left else self.model.State.WAITING
            enrolment.reminded = False
            enrolment.save()
        elif enrolment.state == "offered" or (enrolment.state == "waiting" and moves.left):
            self._make_room(session, enrolment.state == "waiting")
            enrolment.state, enrolment.held_until, enrolment.passed = self.model.State.ENROLLED, None, False
            enrolment.save(update_fields=["state", "held_until", "passed"])
        else:
            return enrolment
        if enrolment.state == "enrolled" or by_trainer:
            person.tell(LetterKind.SCHOOL, session.get_absolute_url())
        return enrolment

    @transaction.atomic
    def add_walk_in(self, session: Session, person: User, *, now: dt.datetime, reason: str = "") -> Enrolment:
        """Mark a person who came without a place as there. Where every place is taken, a `reason` makes one more."""
        session = session.lock()
        refuse_unless_register_open(session, now)
        self.move_waiting_list(session, now)
        enrolment: Enrolment | None = self.filter(session=session, person=person).first()
        if enrolment and enrolment.state == "there":
            return enrolment
        if not (enrolment and enrolment.state in TAKING):
            self._make_room(session, 1)
            if reason.strip():
                self._make_bigger(session)
            refuse_if_full(session)
        if enrolment is None:
            enrolment = self.model(session=session, person=person, line=self.get_back_position(session))
        enrolment.state, enrolment.held_until = self.model.State.THERE, None
        enrolment.out_of_turn = reason.strip()[:120] or enrolment.out_of_turn
        enrolment.save()
        return enrolment

    def _make_bigger(self, session: Session) -> None:
        """Make the session bigger by one place, if it is full."""
        if session.enrolments.taking_a_place().count() >= session.places:
            session.places += 1
            session.save(update_fields=["places"])

    def _make_room(self, session: Session, places: int) -> None:
        """Make room for so many: whose account is paused waits again, where they stood, while others take the places.

        Needs the session's lock. The database counts every place, whoever has it.
        """
        taking = self.filter(session=session).taking_a_place()
        too_many = taking.count() + places - session.places
        idle = taking.exclude(pk__in=self.counting().values("pk")).order_by("-line")
        for enrolment in idle[: max(0, too_many)] if places else ():
            enrolment.state, enrolment.held_until = self.model.State.WAITING, None
            enrolment.save(update_fields=["state", "held_until"])

    def _refuse_unless_open(self, session: Session, person: User, now: dt.datetime, *, by_trainer: bool) -> None:
        """Refuse a session that is over, cancelled, not announced, or not meant for this person."""
        if not session.is_on:
            raise NotAllowed(_now("This session was called off."))
        if session.has_begun(now):
            raise NotAllowed(
                _now("This session has begun. Add people who come now to the register.")
                if session.ends_at > now
                else _now("This session is over.")
            )
        if session.state != Session.State.ANNOUNCED:
            raise NotAllowed(_now("This session is still in planning. Announce it first."))
        if not person.is_active:
            raise NotAllowed(_now("Their account is paused."))
        if not (by_trainer or session.public or self._is_meant_for(session, person)):
            raise NotAllowed(_now("This session is for one group. A trainer can put you on it."))

    def _is_meant_for(self, session: Session, person: User) -> bool:
        mine = self.live().filter(session=session, person=person).exists()
        return mine or bool(session.cohort and session.cohort.members.filter(pk=person.pk).exists())


@dataclass(frozen=True)
class SessionRoster:
    """A session's live enrolments in the order of its waiting list, and the moves that are due."""

    session: Session
    rows: list[Enrolment]
    moves: Moves

    @classmethod
    def plan(cls, session: Session, rows: list[Enrolment], now: dt.datetime) -> SessionRoster:
        """The roster of these rows with its moves. A session that has begun or is not announced has no free place."""
        closed = session.has_begun(now) or session.state != Session.State.ANNOUNCED
        taken = sum(row.state in ("enrolled", "there") for row in rows)
        waiting = [row for row in rows if row.state in ("waiting", "offered")]
        entries = [WaitingEntry(row.pk, row.line, row.held_until, row.passed) for row in waiting]
        return cls(session, rows, plan_moves(entries, free=0 if closed else session.places - taken, now=now))

    def get_enrolment(self, person: User) -> Enrolment | None:
        """Return this person's enrolment, if they have one."""
        return next((row for row in self.rows if row.person_id == person.pk), None)

    def count_ahead_of(self, row: Enrolment) -> int:
        """Count the people who wait before this enrolment and have not let an offer pass."""
        return sum(other.state == "waiting" and not other.passed and other.line < row.line for other in self.rows)

    @property
    def waiting(self) -> int:
        """The number of people who wait."""
        return sum(row.state == "waiting" for row in self.rows)


def refuse_unless_register_open(session: Session, now: dt.datetime) -> None:
    """Refuse to mark a register that is not open."""
    if not session.is_on:
        raise NotAllowed(_now("This session was called off."))
    if session.is_settled:
        raise NotAllowed(_now("This register is settled and deleted."))
    if session.register_closed_on:
        raise NotAllowed(_now("The register is closed. To correct it, open it again."))
    if not session.register_is_open(now):
        raise NotAllowed(_now("This session has not begun. Its register opens two hours before."))


def refuse_if_full(session: Session) -> None:
    """Refuse when every place is taken. Needs the session's lock."""
    if session.enrolments.taking_a_place().count() >= session.places:
        raise NotAllowed(
            _now("All %(n)d places are taken. Mark who is not here, or add a place.") % {"n": session.places}
        )
