"""Where people stand in a course: one person for themselves, or everybody for whoever runs the School."""

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
    """What was said of one person and one module: a row of outcomes, without the weight of one."""

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
    words: str
    on: dt.date | None
    ran_out: bool
    note: str

    @property
    def is_done(self) -> bool:
        """Whether it counts today."""
        return self.state == OutcomeState.DONE and not self.ran_out


@dataclass(frozen=True)
class Progress:
    """Where one person stands in one course."""

    person: User
    course: Course
    standing: CourseStanding
    outcomes: Collection[OutcomeRow]
    completion: Completion | None

    @cached_property
    def cells(self) -> list[ModuleCell]:
        """A cell for each module, in the order of the curriculum. Made when looked at: most of a large grid is not."""
        said = {one.module: one for one in self.outcomes}
        return [self._cell(module, said.get(module.pk)) for module in self.course.taught_modules]

    def _cell(self, module: Module, said: OutcomeRow | None) -> ModuleCell:
        state = OutcomeState(said.state) if said else OutcomeState.NOT_YET
        return ModuleCell(
            module=module,
            state=state,
            words=self.course.words[state],
            on=said.said_on if said and state != OutcomeState.NOT_YET else None,
            ran_out=module.pk in self.standing.ran_out,
            note=said.note if said else "",
        )

    @property
    def level(self) -> Level:
        """How far along they are; who completed the course stays ready, whatever was added to it since."""
        return Level.READY if self.completion else self.standing.level

    @property
    def missing(self) -> list[ModuleCell]:
        """What is still to do, in the order of the curriculum."""
        wanted = set(self.standing.to_do)
        return [] if self.completion else [cell for cell in self.cells if cell.module.pk in wanted]

    @property
    def done(self) -> int:
        """How many required modules are done."""
        return sum(cell.module.required and cell.is_done for cell in self.cells)

    @property
    def required(self) -> int:
        """How many there are."""
        return sum(cell.module.required for cell in self.cells)


def find_people_in_course(course: Course, *, cohort: Cohort | None = None) -> list[User]:
    """Everybody who is on their way through a course, or has been through it, by name."""
    mine = Outcome.objects.filter(person=OuterRef("pk"), module__course=course)
    enrolled = Enrolment.objects.live().filter(person=OuterRef("pk"), session__modules__course=course)
    people = User.objects.active()
    if cohort:
        people = people.filter(cohorts=cohort)
    else:
        member = Q(Exists(Cohort.objects.filter(members=OuterRef("pk"), course=course)))
        people = people.filter(Q(Exists(mine)) | Q(Exists(enrolled)) | member)
    return list(people.only("chosen_name").order_by("chosen_name", "pk"))


def load_progress(
    courses: Collection[Course],
    people: Sequence[User],
    *,
    now: dt.datetime,
    completions: Collection[Completion] | None = None,
) -> list[Progress]:
    """Where these people stand, course by course, in three statements however many there are of either.

    `completions` are theirs, where somebody has them at hand already.
    """
    today = timezone.localdate(now)
    outcomes: dict[tuple[int, int], list[OutcomeRow]] = defaultdict(list)
    in_these = {module.pk: course.pk for course in courses for module in course.taught_modules}
    rows = Outcome.objects.filter(person__in=people, module__in=in_these).order_by()
    for one in starmap(OutcomeRow, rows.values_list("person", "module", "state", "said_on", "note")):
        outcomes[one.person, in_these[one.module]].append(one)
    seen = _load_attendance(courses, people, now)
    if completions is None:
        completions = list(Completion.objects.filter(person__in=people, course__in=courses).order_by())
    completed = {(completion.person_id, completion.course_id): completion for completion in completions}
    found = []
    for course in courses:
        pieces = [module.rule for module in course.taught_modules]
        for person in people:
            what = outcomes[person.pk, course.pk]
            said = [ModuleOutcome(one.module, one.state, one.said_on) for one in what]
            last, comes = seen.get((person.pk, course.pk), (None, False))
            standing = assess_standing(pieces, said, today=today, last_there=last, comes_again=comes, pace=course.pace)
            found.append(Progress(person, course, standing, what, completed.get((person.pk, course.pk))))
    return found


def _load_attendance(
    courses: Collection[Course], people: Sequence[User], now: dt.datetime
) -> dict[tuple[int, int], tuple[dt.date | None, bool]]:
    """By person and course: the last day they were there, and whether they have a place ahead."""
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
    """People the School has anything to do with, and nobody else: a trainer does not look through everybody."""
    known: PeopleQuerySet = User.objects.active().filter(
        Q(Exists(Enrolment.objects.filter(person=OuterRef("pk"))))
        | Q(Exists(Outcome.objects.filter(person=OuterRef("pk"))))
        | Q(Exists(Cohort.objects.filter(members=OuterRef("pk"))))
    )
    return known


def list_known_names() -> list[str]:
    """Their names, to choose from while writing one."""
    names = find_known_people().order_by("chosen_name").values_list("chosen_name", flat=True)
    return list(names.distinct()[:MAX_NAMES])
