"""What hangs on the time of a session, and what becomes of it when the session is moved."""

from __future__ import annotations

from django.utils.translation import gettext as _

from school.models.enrolment_queryset import REMINDER_LEAD_TIME
from school.models.enrolments import Enrolment
from school.models.facilitator_changes import FacilitatorChange
from school.models.feedback import Feedback
from school.models.outcomes import Outcome
from school.models.proposals import Proposal
from school.models.session_modules import SessionModule
from school.models.sessions import Session
from school.waiting import get_hold_end
from volunteers.models import LetterKind, User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.moving import Move, WhenMoved, depend


def hold_and_remind_again(move: Move) -> list[str]:
    """Hold offered places until the new start at most, at another time anew; and let people be reminded of it.

    Whom the letter of the move has told while the session is near, is not reminded as well. Refused where people were
    marked as there or not: that was at the old time.
    """
    session: Session = move.thing
    if session.starts_at > move.now and session.enrolments.filter(state__in=["there", "not_there"]).exists():
        raise NotAllowed(_("It has taken place: people were marked as there or not. Plan another session."))
    for enrolment in session.enrolments.filter(state="offered"):
        until = enrolment.held_until
        if until == move.started_at and move.is_small:
            until = session.starts_at
        elif not move.is_small:
            until = get_hold_end(move.now, hours=session.hold_hours, starts_at=session.starts_at)
        enrolment.held_until = min(until or session.starts_at, session.starts_at)
        enrolment.save(update_fields=["held_until"])
    session.enrolments.update(reminded=False)
    if session.state == Session.State.ANNOUNCED and session.starts_at - move.now <= REMINDER_LEAD_TIME:
        told = User.objects.active().exclude(email=None).exclude(silenced__contains=[LetterKind.SCHOOL])
        session.enrolments.filter(person__in=told).update(reminded=True)
    return []


depend(
    Enrolment,
    "session",
    on="school.Session",
    becomes=WhenMoved.ASKS_AGAIN,
    because="a place is held for a time, and people are reminded of a time",
    follow=hold_and_remind_again,
)
for model in (Outcome, Feedback, Proposal, SessionModule, FacilitatorChange, Session.facilitators.through):
    depend(
        model,
        "session",
        on="school.Session",
        becomes=WhenMoved.STAYS,
        because="what was done, said, offered or is taught in it, and who gives it, who is told of the move",
    )
