"""The register of a session: closing it, reopening it, and letting it go once what it was for is settled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _now

from school.completion import OutcomeState
from school.models.enrolment_queryset import refuse_unless_register_open
from school.models.enrolments import Enrolment
from school.models.outcomes import Outcome
from school.models.sessions import Session
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention

REGISTER_RETENTION = dt.timedelta(days=14)
"""The retention of a closed register whose outcomes are all recorded, so that it can be corrected."""
MAX_REGISTER_RETENTION = dt.timedelta(days=90)
"""The longest retention of a register, even with missing outcomes."""


@dataclass(frozen=True)
class Register:
    """Who was at a session: a look at its enrolments, and what can be done with all of them."""

    session: Session

    @transaction.atomic
    def close(self, *, now: dt.datetime, rest_not_there: bool = False) -> None:
        """Close it: everybody is marked, and nobody waits any more. Closing twice is harmless.

        Whoever is still unmarked keeps it open, unless it is said that they were not there.
        """
        session = self.session.lock()
        if session.register_closed_on:
            return
        refuse_unless_register_open(session, now)
        Enrolment.objects.move_waiting_list(session, now)
        unmarked = session.enrolments.filter(state="enrolled")
        if unmarked and not rest_not_there:
            raise NotAllowed(_now("Some people are not marked yet. Mark them, or say that the others were not there."))
        unmarked.update(state="not_there")
        session.enrolments.filter(state__in=["waiting", "offered"]).update(state="withdrawn", held_until=None)
        session.register_closed_on = timezone.localdate(now)
        session.save(update_fields=["register_closed_on"])
        self.session.refresh_from_db()

    @transaction.atomic
    def mark_everybody(self, *, now: dt.datetime) -> int:
        """Mark everybody as there who is not marked yet; returns their number. Who was marked by hand stays so."""
        session = self.session.lock()
        refuse_unless_register_open(session, now)
        number: int = session.enrolments.filter(state="enrolled").update(state="there")
        return number

    @transaction.atomic
    def reopen(self) -> None:
        """Open it again to put something right."""
        session = self.session.lock()
        if session.is_settled:
            raise NotAllowed(_now("This register is settled and deleted."))
        session.register_closed_on = None
        session.save(update_fields=["register_closed_on"])
        self.session.refresh_from_db()

    def count_missing_outcomes(self) -> int:
        """Count the outcomes that are still missing for people who were there."""
        there = self.session.enrolments.filter(state="there").values("person")
        modules = self.session.parts.values("module")
        outcomes = Outcome.objects.filter(person__in=there, module__in=modules).exclude(state=OutcomeState.NOT_YET)
        return there.count() * modules.count() - outcomes.count()

    def is_expired(self, now: dt.datetime) -> bool:
        """Whether it has to go: no outcome is missing and its retention is over, or it is too old anyway."""
        session, today = self.session, timezone.localdate(now)
        if session.is_settled or session.ends_at > now:
            return False
        if now - session.ends_at > MAX_REGISTER_RETENTION or not session.is_on:
            return True
        closed = session.register_closed_on
        return bool(closed and today - closed >= REGISTER_RETENTION and self.count_missing_outcomes() == 0)

    @transaction.atomic
    def settle(self, *, now: dt.datetime) -> None:
        """Keep how many came and how many did not, and forget who. What people did stays with them, without where."""
        session = self.session.lock()
        if session.is_settled:
            return
        counts = session.enrolments.aggregate(
            came=Count("pk", filter=Q(state="there")), not_there=Count("pk", filter=Q(state="not_there"))
        )
        session.outcomes.update(session=None)
        session.enrolments.all().delete()
        session.came = counts["came"]
        session.not_there += counts["not_there"]
        session.settled_on = timezone.localdate(now)
        session.register_closed_on = session.register_closed_on or session.settled_on
        session.save(update_fields=["came", "not_there", "settled_on", "register_closed_on"])
        self.session.refresh_from_db()

    @classmethod
    def settle_due(cls, now: dt.datetime) -> int:
        """Settle every register that is due, and delete absences two weeks after closing; returns their number."""
        absent = Enrolment.objects.filter(
            state="not_there", session__register_closed_on__lte=timezone.localdate(now) - REGISTER_RETENTION
        )
        for session in Session.objects.filter(settled_on__isnull=True, pk__in=absent.values("session")):
            cls(session).delete_absences()
        plan_moves = [
            register
            for session in Session.objects.over(now).filter(settled_on__isnull=True).order_by("pk")
            if (register := cls(session)).is_expired(now)
        ]
        for register in plan_moves:
            register.settle(now=now)
        return len(plan_moves)

    @transaction.atomic
    def delete_absences(self) -> None:
        """Keep how many were not there, and forget who."""
        session = self.session.lock()
        gone, _rows = session.enrolments.filter(state="not_there").delete()
        session.not_there += gone
        session.save(update_fields=["not_there"])


retention.keep(
    Enrolment,
    length=MAX_REGISTER_RETENTION,
    sooner=REGISTER_RETENTION,
    promise="registers",
    every=retention.Every.DAY,
    delete=lambda: Register.settle_due(timezone.now()),
    overdue=lambda now: Enrolment.objects.filter(session__ends_at__lt=now - MAX_REGISTER_RETENTION),
)
