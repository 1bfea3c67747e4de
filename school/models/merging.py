"""Two records of one person: a trainer wrote down a name, and then the person came in by themselves.

Making one of two records is the hub's. Here is what wins of what the School knows of both.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from school.completion import OutcomeState
from school.models.completion_counts import CompletionCount
from school.models.completions import Completion
from school.models.enrolments import Enrolment
from school.models.outcomes import Outcome
from school.models.sessions import Session
from volunteers.shared.registries import personal_data
from volunteers.shared.registries.merging import Join, TwoRecords

# What counts for more, where both have something for the same session or module.
ENROLMENT_RANK = {"there": 5, "enrolled": 4, "offered": 3, "waiting": 2, "not_there": 1, "withdrawn": 0}
OUTCOME_RANK = {OutcomeState.DONE: 2, OutcomeState.TOGETHER: 1, OutcomeState.NOT_YET: 0}


class JoinEnrolments(Join):
    """In one session the place that counts for more stays, at the better position of the waiting list."""

    def lock(self, records: TwoRecords) -> None:
        """Lock the sessions of both, before the people, as everybody does."""
        keys = Enrolment.objects.filter(person__in=[records.stays, records.goes]).values("session")
        list(Session.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk"))

    def finish(self, records: TwoRecords) -> None:
        """Give a place that both had to the next person who waits."""
        ahead = Session.objects.announced().ahead(records.now).filter(enrolments__person=records.stays)
        for session in ahead.filter(enrolments__state__in=["waiting", "offered"]).distinct().order_by("pk"):
            Enrolment.objects.move_waiting_list(session, records.now)


def choose_enrolment(mine: Enrolment, theirs: Enrolment) -> Enrolment:
    """Choose the one that counts for more: there, a place, a held place, waiting, not there, withdrawn."""
    kept = max(mine, theirs, key=lambda enrolment: ENROLMENT_RANK[enrolment.state])
    kept.line, kept.passed = min(mine.line, theirs.line), mine.passed and theirs.passed
    return kept


def choose_outcome(mine: Outcome, theirs: Outcome) -> Outcome:
    """Choose the outcome that counts for more, the later of two that are done; what rested on the other rests on it."""

    def count(outcome: Outcome) -> tuple[int, int]:
        rank = OUTCOME_RANK[OutcomeState(outcome.state)]
        return rank, outcome.said_on.toordinal() if outcome.state == OutcomeState.DONE else 0

    kept = max(mine, theirs, key=count)
    other = theirs if kept is mine else mine
    for completion in other.completions.all():
        completion.rests_on.add(kept)
    return kept


class JoinCompletions(Join):
    """A completion comes over with what it granted. Of two the one that counts for longer stays."""

    def discard(self, row: Completion, records: TwoRecords) -> None:
        """Delete it: one person has done the course once, also in the numbers."""
        today = timezone.localdate(records.now)
        if row.holding and row.holding.counts_on(today):
            row.holding.end(today)
        if row.course and row.counted_in:
            CompletionCount.objects.change_count(row.counted_in, course=row.course, by=-1)
        row.delete()

    def finish(self, records: TwoRecords) -> None:
        """Let go of holdings that ended because they hold the same elsewhere; then weigh everything both have done."""
        today = timezone.localdate(records.now)
        own = Completion.objects.filter(person=records.stays).select_related("holding__qualification")
        lasting = own.filter(Q(until=None) | Q(until__gt=today))
        for completion in lasting.filter(holding__until=today):
            if completion.holding and records.stays.holds(completion.holding.qualification.slug, today):
                completion.holding = None
                completion.save(update_fields=["holding"])
        Completion.objects.recalculate(records.stays, now=records.now)


def choose_completion(mine: Completion, theirs: Completion) -> Completion:
    """Choose the one that counts for longer; it takes over what the other granted, if it granted nothing itself."""

    def count(completion: Completion) -> tuple[bool, int, int]:
        until = completion.until
        return until is None, until.toordinal() if until else 0, -completion.completed_on.toordinal()

    kept = max(mine, theirs, key=count)
    other = theirs if kept is mine else mine
    today = timezone.localdate()
    if other.holding and other.holding.counts_on(today) and not (kept.holding and kept.holding.counts_on(today)):
        kept.holding, other.holding = other.holding, None
    return kept


personal_data.hold(
    Enrolment,
    "person",
    part="school",
    merge=JoinEnrolments(
        ("session",),
        name=_("Places in sessions"),
        becomes=_("the one that counts more stays: there, then a place, then waiting."),
        turn=10,
        choose=choose_enrolment,
    ),
)
personal_data.hold(
    Outcome,
    "person",
    part="school",
    merge=Join(
        ("module",),
        name=_("Outcomes of modules"),
        becomes=_("done stays. If both are done, the later one stays."),
        turn=20,
        choose=choose_outcome,
    ),
)
personal_data.hold(
    Completion,
    "person",
    part="school",
    merge=JoinCompletions(
        ("course", "module"),
        name=_("Courses and modules completed"),
        becomes=_("the one that counts longer stays."),
        turn=40,
        choose=choose_completion,
    ),
)
