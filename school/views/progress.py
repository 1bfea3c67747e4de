"""Progress pages for the School's organisers: everybody in one grid, on screen only; and one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from school.completion import Level, OutcomeState
from school.forms.people import InvitationEmailForm, MadeUpForm
from school.models import Cohort, Course, Outcome
from school.models.affected_shifts import find_affected_shifts
from school.models.find_or_create_person import correct_email
from school.models.progress import find_known_people, find_people_in_course, load_progress
from school.views.actions import run_for_form
from school.views.manage import run_school_required
from school.views.registers import warn_of_lost_grants
from volunteers.models import User
from volunteers.shared.names import contains_words
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest

PAGE_SIZE = 60
LEVELS = {
    Level.READY: gettext_lazy("Ready to volunteer"),
    Level.NEARLY: gettext_lazy("Nearly there"),
    Level.UNDER_WAY: gettext_lazy("Under way"),
    Level.STALLED: gettext_lazy("Stalled"),
    Level.NEW: gettext_lazy("Just begun"),
}


@run_school_required
@require_safe
def show_grid(request: SignedInRequest) -> HttpResponse:
    """People × modules. It is never exported and never printed."""
    now = timezone.now()
    courses = list(Course.objects.taught().with_modules())
    course = next(
        (course for course in courses if course.slug == request.GET.get("course")), courses[0] if courses else None
    )
    if course is None:
        return render(request, "school/progress/grid.html", {"course": None})
    cohorts = list(course.cohorts.all())
    cohort = next((cohort for cohort in cohorts if str(cohort.pk) == request.GET.get("cohort")), None)
    everybody = load_progress([course], find_people_in_course(course, cohort=cohort), now=now)
    level = request.GET.get("level", "")
    words = request.GET.get("words", "")[:60]
    rows = [
        progress
        for progress in everybody
        if (progress.level == level or level not in set(Level)) and contains_words(progress.person.chosen_name, words)
    ]
    counts = [(level_, words_, sum(row.level == level_ for row in everybody)) for level_, words_ in LEVELS.items()]
    shown = {
        "course": course,
        "courses": courses,
        "cohorts": cohorts,
        "cohort": cohort,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "level": level,
        "counts": counts,
        "everybody": len(everybody),
        "words": words,
        "levels": LEVELS,
    }
    return render(request, "school/progress/grid.html", shown)


@run_school_required
@require_safe
def show_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: where they stand, what was said and how we know, and what can be put right."""
    return render_person_page(request, pk)


def _get_known_person(pk: int) -> User:
    person: User = get_object_or_404(find_known_people(), pk=pk)
    return person


@run_school_required
@require_POST
def record_outcome(request: SignedInRequest, pk: int, course: int) -> HttpResponse:
    """Say how a module went outside the registers: a make-up, or putting something right."""
    somebody = _get_known_person(pk)
    chosen_course = get_object_or_404(Course.objects.with_modules(), pk=course)
    form = MadeUpForm(request.POST, course=chosen_course, prefix=f"c{chosen_course.pk}")
    if not form.is_valid():
        return render_person_page(request, pk, status=422, forms={chosen_course.pk: form})
    asked = form.cleaned_data
    try:
        changes = Outcome.objects.record_elsewhere(
            somebody,
            asked["module"],
            OutcomeState(asked["state"]),
            note=asked["note"],
            on=asked["on"],
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as refusal:
        form.add_error(None, refusal.reasons)
        return render_person_page(request, pk, status=409, forms={chosen_course.pk: form})
    warn_of_lost_grants(request, changes.lost)
    messages.success(request, _("Saved."))
    return redirect("school:person", pk)


@run_school_required
@require_POST
def change_email(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the invitation of somebody who has not come in yet to another address."""
    somebody = _get_known_person(pk)
    form = InvitationEmailForm(request.POST)
    if not form.is_valid():
        return render_person_page(request, pk, status=422, email_form=form)
    if not run_for_form(form, lambda: correct_email(somebody, form.cleaned_data["email"])):
        return render_person_page(request, pk, status=409, email_form=form)
    messages.success(request, _("We have sent the invitation. The earlier link no longer works."))
    return redirect("school:person", pk)


def render_person_page(
    request: SignedInRequest,
    pk: int,
    *,
    status: int = 200,
    forms: dict[int, MadeUpForm] | None = None,
    email_form: InvitationEmailForm | None = None,
) -> HttpResponse:
    """The page of one person, with the forms of whatever can be done."""
    now = timezone.now()
    somebody = _get_known_person(pk)
    courses = list(Course.objects.taught().with_modules())
    completions = list(somebody.completions.select_related("course", "module", "holding__qualification"))
    standing: list[dict[str, Any]] = []
    for progress in load_progress(courses, [somebody], now=now, completions=completions):
        course = progress.course
        form = (forms or {}).get(course.pk) or MadeUpForm(course=course, prefix=f"c{course.pk}")
        standing.append({"progress": progress, "form": form, "level": LEVELS[progress.level]})
    shown = {
        "person": somebody,
        "standing": standing,
        "enrolments": somebody.enrolments.live().filter(session__ends_at__gt=now).select_related("session"),
        "cohorts": Cohort.objects.filter(members=somebody),
        "completions": completions,
        "waits_for_them": not somebody.can_get_in and not somebody.role_names,
        "email_form": email_form or InvitationEmailForm(),
        "affected_shifts": find_affected_shifts(somebody, now),
        "today": timezone.localdate(now),
    }
    return render(request, "school/progress/person.html", shown, status=status)
