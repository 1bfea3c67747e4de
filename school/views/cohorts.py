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
from school.views.curriculum import saved
from school.views.enrolling import LineAnswer, answered, left_over
from school.views.manage import runs_the_school
from school.views.progress import LEVELS
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@runs_the_school
@require_http_methods(["GET", "HEAD", "POST"])
def cohorts(request: SignedInRequest) -> HttpResponse:
    """All cohorts, and a new one."""
    form = CohortForm(request.POST or None)
    if form.is_valid() and saved(form):
        messages.success(request, _("Here it is. Now put people in it."))
        return redirect("school:cohort", form.instance.pk)
    return render(
        request,
        "school/cohorts/list.html",
        {"form": form, "cohorts": Cohort.objects.with_counts(timezone.now())},
        status=422 if form.is_bound else 200,
    )


@runs_the_school
@require_http_methods(["GET", "HEAD", "POST"])
def cohort(request: SignedInRequest, pk: int) -> HttpResponse:
    """One cohort: its people, their sessions; several people added at once, and put on all of its sessions ahead."""
    one = get_object_or_404(Cohort.objects.select_related("course"), pk=pk)
    form = LinesForm(request.POST or None)
    if form.is_valid():
        answers = []
        for line in read_lines(form.cleaned_data["lines"]):
            try:
                said = one.take_in(line, now=timezone.now())
            except NotAllowed as refusal:
                answers.append(LineAnswer(line, good=False, words=" ".join(refusal.reasons)))
            else:
                answers.append(LineAnswer(line, good=True, words=said))
        return answered(request, answers, "school:cohort", pk)
    now = timezone.now()
    course = Course.objects.with_modules().get(pk=one.course_id)
    shown = {
        "cohort": one,
        "form": form,
        "sessions": Session.objects.filter(cohort=one).with_modules().with_counts().order_by("starts_at"),
        "rows": [(row, LEVELS[row.level]) for row in load_progress([course], list(one.members.all()), now=now)],
    } | left_over(request)
    if shown["answers"] and not form.is_bound:
        shown["form"] = LinesForm(initial={"lines": shown["wrong"]})
    return render(request, "school/cohorts/detail.html", shown, status=422 if form.is_bound else 200)


@runs_the_school
@require_POST
def leave(request: SignedInRequest, pk: int, person: int) -> HttpResponse:
    """Take somebody out of a cohort. Places they have stay theirs."""
    one = get_object_or_404(Cohort, pk=pk)
    member: User = get_object_or_404(one.members, pk=person)
    one.members.remove(member)
    messages.success(request, _("%(name)s is not in it any more. Places they have stay theirs.") % {"name": member})
    return redirect("school:cohort", pk)
