"""Two records of one person: a trainer wrote down a name, and then the person came in by themselves.

Making one of two records is the hub's; this is what the School has to move first.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from school.completion import OutcomeState
from school.models.completions import Completion
from school.models.enrolments import Enrolment
from school.models.outcomes import Outcome
from volunteers.models import User

# What counts for more, where both have something for the same session or module.
ENROLMENT_RANK = {"there": 5, "enrolled": 4, "offered": 3, "waiting": 2, "not_there": 1, "withdrawn": 0}
OUTCOME_RANK = {OutcomeState.DONE: 2, OutcomeState.TOGETHER: 1, OutcomeState.NOT_YET: 0}


@transaction.atomic
def merge_school_records(stays: User, goes: User, *, now: dt.datetime) -> None:
    """Move all School data of one record to the other; the caller locks both, and erases the first.

    Where both have a place in a session, or an outcome for a module, the one that counts for more stays. What the
    first was granted here ends, and is granted anew to the other, with everything both have done.
    """
    for completion in Completion.objects.filter(person=goes).select_related("person", "holding", "course", "module"):
        completion.revoke(timezone.localdate(now))
    _move_enrolments(stays, goes)
    _move_outcomes(stays, goes)
    for cohort in goes.cohorts.all():
        cohort.members.add(stays)
    goes.cohorts.clear()
    goes.proposals.update(person=stays)
    for session in goes.gives.all():
        session.facilitators.add(stays)
    goes.gives.clear()
    Completion.objects.recalculate(stays, now=now)


def _move_enrolments(stays: User, goes: User) -> None:
    mine = {row.session_id: row for row in Enrolment.objects.filter(person=stays)}
    for row in Enrolment.objects.filter(person=goes).select_related("session").order_by("session"):
        row.session.lock()
        other = mine.get(row.session_id)
        if other is None:
            row.person = stays
            row.save(update_fields=["person"])
            continue
        best = max((row, other), key=lambda enrolment: ENROLMENT_RANK[enrolment.state])
        state, held, line = best.state, best.held_until, min(row.line, other.line)
        row.delete()
        if (other.state, other.line) != (state, line):
            other.state, other.held_until, other.line = state, held, line
            other.save(update_fields=["state", "held_until", "line"])


def _move_outcomes(stays: User, goes: User) -> None:
    mine = {row.module_id: row for row in Outcome.objects.filter(person=stays)}
    for row in Outcome.objects.filter(person=goes):
        other = mine.get(row.module_id)
        if other is None:
            row.person = stays
            row.save(update_fields=["person"])
        elif OUTCOME_RANK[OutcomeState(row.state)] > OUTCOME_RANK[OutcomeState(other.state)]:
            other.delete()
            row.person = stays
            row.save(update_fields=["person"])
        else:
            row.delete()
