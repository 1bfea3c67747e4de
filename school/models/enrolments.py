"""Enrolments: who has a place in a session, who waits, who was there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pgtrigger
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.models.enrolment_queryset import EnrolmentQuerySet, refuse_if_full, refuse_unless_register_open
from school.models.grant_changes import LostGrant
from school.models.sessions import Session
from school.waiting import Moves
from volunteers.models import LetterKind, User
from volunteers.shared.refusals import NotAllowed


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
    passed = models.BooleanField(_("did not take an offer"), default=False)
    out_of_turn = models.CharField(_("why they went before others"), max_length=120, blank=True)
    reminded = models.BooleanField(default=False)
    # Grows with every change of the state: for calendars, which then replace or cancel their entry.
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)

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
                name="counts_its_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
                func="NEW.revision := OLD.revision + 1; RETURN NEW;",
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
    def hears_of_it(self) -> bool:
        """Whether a letter about it reaches them."""
        return self.person.hears(LetterKind.SCHOOL)

    def get_state_after(self, moves: Moves) -> str:
        """Return the state as it is after these moves, so that a dead worker takes nobody's turn."""
        if self.pk in moves.offered:
            return self.State.OFFERED
        if self.pk in moves.lapsed or (self.passed and self.state == self.State.WAITING):
            return self.State.OFFERED if moves.left else self.State.WAITING
        return self.state

    @transaction.atomic
    def withdraw(self, *, now: dt.datetime) -> None:
        """Give the place back, or leave the list; the next person gets the place. Twice is harmless."""
        session = self.session.lock()
        self.refresh_from_db()
        if self.state not in ("enrolled", "offered", "waiting"):
            if self.state == self.State.WITHDRAWN:
                return
            raise NotAllowed(_now("The register already has this. A trainer can correct it there."))
        self.state, self.held_until = self.State.WITHDRAWN, None
        self.out_of_turn = ""
        self.save(update_fields=["state", "held_until", "out_of_turn"])
        Enrolment.objects.move_waiting_list(session, now)

    @transaction.atomic
    def put_first(self, reason: str, *, now: dt.datetime) -> None:
        """Put them first on the list, or give them the place that is free, for a reason that everybody may hear.

        A place that is held for somebody else stays theirs.
        """
        session = self.session.lock()
        Enrolment.objects.move_waiting_list(session, now)
        self.refresh_from_db()
        if self.state != self.State.WAITING:
            raise NotAllowed(_now("They are no longer on the waiting list."))
        if not reason.strip():
            raise NotAllowed(_now("Say why they go before the others."))
        self.line, self.passed = Enrolment.objects.get_front_position(session), False
        self.out_of_turn = reason.strip()[:120]
        self.save(update_fields=["line", "passed", "out_of_turn"])
        Enrolment.objects.move_waiting_list(session, now)
        self.refresh_from_db()

    @transaction.atomic
    def mark(self, there: bool | None, *, now: dt.datetime, was: str | None = None) -> MarkResult:  # noqa: FBT001
        """Mark the person as there, as not there, or as not known yet (None).

        `was` is what whoever marks it saw before: if somebody else has marked it differently meanwhile, nothing is
        changed and they are told. Undoing "there" takes back what was done there, and what that granted.
        """
        session = self.session.lock()
        refuse_unless_register_open(session, now)
        self.refresh_from_db()
        wanted = {True: self.State.THERE, False: self.State.NOT_THERE, None: self.State.ENROLLED}[there]
        if self.state == wanted:
            return MarkResult(self, [])
        if self.state not in ("enrolled", "there", "not_there"):
            raise NotAllowed(_now("They have no place here. Add them as a walk-in."))
        if was is not None and was != self.state:
            raise NotAllowed(
                _now("Somebody else marked this: %(state)s. Look again.") % {"state": self.get_state_display()}
            )
        lost: list[LostGrant] = []
        if self.state == self.State.THERE:
            lost = session.outcomes.revoke_for_session(session, self.person, now=now)
        if wanted != self.State.NOT_THERE and self.state == self.State.NOT_THERE:
            refuse_if_full(session)
        self.state = wanted
        self.save(update_fields=["state"])
        return MarkResult(self, lost)


@dataclass(frozen=True)
class MarkResult:
    """The result of marking a person."""

    enrolment: Enrolment
    lost: list[LostGrant]
