"""Cohorts: people who move through a course together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from school.forms.people import LinesForm
from school.forms.sessions import CohortForm
from school.models import Cohort, Course, Session
from school.models.progress import load_progress
from school.person_lines import read_lines
from school.views.curriculum import save_or_add_error
from school.views.enrolling import LineAnswer, pop_answers, redirect_with_answers
from school.views.manage import run_school_required
from school.views.progress import LEVELS
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@run_school_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_cohorts(request: SignedInRequest) -> HttpResponse:
    """All cohorts, and a new one."""
    form = CohortForm(request.POST or None)
    if form.is_valid() and save_or_add_error(form):
        messages.success(request, _("The group is ready. Now add people."))
        return redirect("school:cohort", form.instance.pk)
    return render(
        request,
        "school/cohorts/list.html",
        {"form": form, "cohorts": Cohort.objects.with_counts(timezone.now())},
        status=422 if form.is_bound else 200,
    )


@run_school_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_cohort(request: SignedInRequest, pk: int) -> HttpResponse:
    """One cohort: its people, their sessions; several people added at once, and put on all of its sessions ahead."""
    cohort = get_object_or_404(Cohort.objects.select_related("course"), pk=pk)
    form = LinesForm(request.POST or None)
    if form.is_valid():
        answers = []
        for line in read_lines(form.cleaned_data["lines"]):
            try:
                words = cohort.add_member(line, now=timezone.now())
            except NotAllowed as refusal:
                answers.append(LineAnswer(line, good=False, words=" ".join(refusal.reasons)))
            else:
                answers.append(LineAnswer(line, good=True, words=words))
        return redirect_with_answers(request, answers, "school:cohort", pk)
    now = timezone.now()
    course = Course.objects.with_modules().get(pk=cohort.course_id)
    shown = {
        "cohort": cohort,
        "form": form,
        "sessions": Session.objects.filter(cohort=cohort).with_modules().with_counts().order_by("starts_at"),
        "rows": [(row, LEVELS[row.level]) for row in load_progress([course], list(cohort.members.all()), now=now)],
    } | pop_answers(request)
    if shown["answers"] and not form.is_bound:
        shown["form"] = LinesForm(initial={"lines": shown["wrong"]})
    return render(request, "school/cohorts/detail.html", shown, status=422 if form.is_bound else 200)


@run_school_required
@require_POST
def remove_member(request: SignedInRequest, pk: int, person: int) -> HttpResponse:
    """Take somebody out of a cohort. Places they have stay theirs."""
    cohort = get_object_or_404(Cohort, pk=pk)
    member: User = get_object_or_404(cohort.members, pk=person)
    cohort.members.remove(member)
    messages.success(request, _("%(name)s is no longer in it. They keep their places.") % {"name": member})
    return redirect("school:cohort", pk)
