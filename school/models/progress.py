"""Progress of people in courses: one person for themselves, or everybody for a trainer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from school.completion import CourseStanding, Level, ModuleOutcome, OutcomeState, assess_standing
from school.models.cohorts import Cohort
from school.models.completions import Completion
from school.models.courses import Course, Module
from school.models.enrolments import Enrolment
from school.models.outcomes import Outcome
from volunteers.models import User
from volunteers.models.people_queryset import PeopleQuerySet

MAX_NAMES = 400


class OutcomeRow(NamedTuple):
    """A row of outcomes as plain values, which is cheaper than a model."""

    person: int
    module: int
    state: str
    said_on: dt.date
    note: str


@dataclass(frozen=True)
class ModuleCell:
    """One person and one module, in the School's own words."""

    module: Module
    state: str
    label: str
    on: dt.date | None
    ran_out: bool
    note: str

    @property
    def is_done(self) -> bool:
        """Whether it counts today."""
        return self.state == OutcomeState.DONE and not self.ran_out


@dataclass(frozen=True)
class Progress:
    """The progress of one person in one course."""

    person: User
    course: Course
    standing: CourseStanding
    outcomes: Collection[OutcomeRow]
    completion: Completion | None

    @cached_property
    def cells(self) -> list[ModuleCell]:
        """A cell for each module, in the order of the curriculum; made lazily, for a large grid shows few."""
        rows = {row.module: row for row in self.outcomes}
        return [self._cell(module, rows.get(module.pk)) for module in self.course.taught_modules]

    def _cell(self, module: Module, outcome: OutcomeRow | None) -> ModuleCell:
        state = OutcomeState(outcome.state) if outcome else OutcomeState.NOT_YET
        return ModuleCell(
            module=module,
            state=state,
            label=self.course.outcome_labels[state],
            on=outcome.said_on if outcome and state != OutcomeState.NOT_YET else None,
            ran_out=module.pk in self.standing.ran_out,
            note=outcome.note if outcome else "",
        )

    @property
    def level(self) -> Level:
        """The level; a person who completed the course stays ready, even if modules were added since."""
        return Level.READY if self.completion else self.standing.level

    @property
    def missing(self) -> list[ModuleCell]:
        """The modules still to do, in the order of the curriculum."""
        wanted = set(self.standing.to_do)
        return [] if self.completion else [cell for cell in self.cells if cell.module.pk in wanted]

    @property
    def done(self) -> int:
        """The number of required modules that are done."""
        return sum(cell.module.required and cell.is_done for cell in self.cells)

    @property
    def required(self) -> int:
        """The number of required modules."""
        return sum(cell.module.required for cell in self.cells)


def find_people_in_course(course: Course, *, cohort: Cohort | None = None) -> list[User]:
    """Find everybody who takes or took a course, by name."""
    mine = Outcome.objects.filter(person=OuterRef("pk"), module__course=course)
    enrolled = Enrolment.objects.live().filter(person=OuterRef("pk"), session__modules__course=course)
    people = User.objects.active()
    if cohort:
        people = people.filter(cohorts=cohort)
    else:
        member = Q(Exists(Cohort.objects.filter(members=OuterRef("pk"), course=course)))
        people = people.filter(Q(Exists(mine)) | Q(Exists(enrolled)) | member)
    return list(people.only("chosen_name").order_by("chosen_name__sorted", "pk"))


def load_progress(
    courses: Collection[Course],
    people: Sequence[User],
    *,
    now: dt.datetime,
    completions: Collection[Completion] | None = None,
) -> list[Progress]:
    """Load the progress of these people, course by course, in three statements whatever their numbers.

    `completions` are theirs, where somebody has them at hand already.
    """
    today = timezone.localdate(now)
    outcomes: dict[tuple[int, int], list[OutcomeRow]] = defaultdict(list)
    in_these = {module.pk: course.pk for course in courses for module in course.taught_modules}
    rows = Outcome.objects.filter(person__in=people, module__in=in_these).order_by()
    for row in starmap(OutcomeRow, rows.values_list("person", "module", "state", "said_on", "note")):
        outcomes[row.person, in_these[row.module]].append(row)
    seen = _load_attendance(courses, people, now)
    if completions is None:
        completions = list(Completion.objects.filter(person__in=people, course__in=courses).order_by())
    completed = {(completion.person_id, completion.course_id): completion for completion in completions}
    progress = []
    for course in courses:
        rules = [module.rule for module in course.taught_modules]
        for person in people:
            what = outcomes[person.pk, course.pk]
            results = [ModuleOutcome(row.module, row.state, row.said_on) for row in what]
            last, comes = seen.get((person.pk, course.pk), (None, False))
            standing = assess_standing(
                rules, results, today=today, last_there=last, comes_again=comes, pace=course.pace
            )
            progress.append(Progress(person, course, standing, what, completed.get((person.pk, course.pk))))
    return progress


def _load_attendance(
    courses: Collection[Course], people: Sequence[User], now: dt.datetime
) -> dict[tuple[int, int], tuple[dt.date | None, bool]]:
    """Load, by person and course, the last day they were there, and whether they have a place ahead."""
    ahead = Q(state__in=["enrolled", "offered"], session__starts_at__gt=now, session__state="announced")
    rows = (
        Enrolment.objects.filter(person__in=people, session__modules__course__in=courses)
        .order_by()
        .values_list("person", "session__modules__course")
        .annotate(last=Max("session__starts_at", filter=Q(state="there")), ahead=Count("pk", filter=ahead))
    )
    return {
        (person, course): (timezone.localdate(last) if last else None, bool(coming))
        for person, course, last, coming in rows
    }


def find_known_people() -> PeopleQuerySet:
    """Find the people the School knows: a trainer does not look through everybody."""
    known: PeopleQuerySet = User.objects.active().filter(
        Q(Exists(Enrolment.objects.filter(person=OuterRef("pk"))))
        | Q(Exists(Outcome.objects.filter(person=OuterRef("pk"))))
        | Q(Exists(Cohort.objects.filter(members=OuterRef("pk"))))
    )
    return known


def list_known_names() -> list[str]:
    """List the names of known people, as suggestions in a form."""
    names = find_known_people().order_by("chosen_name__sorted").values_list("chosen_name", flat=True)
    return list(names.distinct()[:MAX_NAMES])
