"""Two records of one person: a trainer wrote down a name, and then the person came in by themselves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from school.completion import State
from school.models.completions import Completion
from school.models.enrolments import Enrolment
from school.models.outcomes import Outcome
from volunteers.models import User
from volunteers.refusals import NotAllowed

# What counts for more, where both have something for the same session or module.
BETTER = {"there": 5, "enrolled": 4, "offered": 3, "waiting": 2, "not_there": 1, "withdrawn": 0}
SAYS_MORE = {State.DONE: 2, State.TOGETHER: 1, State.NOT_YET: 0}


@transaction.atomic
def merge(*, keep: User, gone: User, now: dt.datetime) -> None:
    """Make one of two records of one person: all of `gone` becomes `keep`'s, and `gone` is deleted.

    Only a record nobody signs in with can go, and one without a role: so a slip takes nobody's account. Where both
    have a place in a session, or an outcome for a module, the better one stays.
    """
    if keep.pk == gone.pk:
        raise NotAllowed(_now("That is the same record."))
    people = {
        person.pk: person
        for person in User.objects.select_for_update().filter(pk__in=[keep.pk, gone.pk]).order_by("pk")
    }
    keep, gone = people[keep.pk], people[gone.pk]
    if gone.can_get_in or gone.role_names:
        raise NotAllowed(
            _now("%(name)s signs in with that record, or has a role. Only a record nobody signs in with can go.")
            % {"name": gone}
        )
    if gone.holdings.filter(granted_by__isnull=False).exists():
        raise NotAllowed(_now("A coordinator granted that record something. End it first, and grant it anew."))
    for completion in Completion.objects.filter(person=gone).select_related("person", "holding", "course", "module"):
        completion.fall_away(timezone.localdate(now))
    _move_enrolments(keep, gone)
    _move_outcomes(keep, gone)
    for cohort in gone.cohorts.all():
        cohort.members.add(keep)
    gone.proposals.update(person=keep)
    for session in gone.gives.all():
        session.facilitators.add(keep)
    Completion.objects.weigh(keep, now=now)
    gone.delete()


def _move_enrolments(keep: User, gone: User) -> None:
    mine = {row.session_id: row for row in Enrolment.objects.filter(person=keep)}
    for row in Enrolment.objects.filter(person=gone).select_related("session").order_by("session"):
        row.session.lock()
        other = mine.get(row.session_id)
        if other is None:
            row.person = keep
            row.save(update_fields=["person"])
            continue
        best = max((row, other), key=lambda one: BETTER[one.state])
        state, held, line = best.state, best.held_until, min(row.line, other.line)
        row.delete()
        if (other.state, other.line) != (state, line):
            other.state, other.held_until, other.line = state, held, line
            other.save(update_fields=["state", "held_until", "line"])


def _move_outcomes(keep: User, gone: User) -> None:
    mine = {row.module_id: row for row in Outcome.objects.filter(person=keep)}
    for row in Outcome.objects.filter(person=gone):
        other = mine.get(row.module_id)
        if other is None:
            row.person = keep
            row.save(update_fields=["person"])
        elif SAYS_MORE[State(row.state)] > SAYS_MORE[State(other.state)]:
            other.delete()
            row.person = keep
            row.save(update_fields=["person"])
        else:
            row.delete()
