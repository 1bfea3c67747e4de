"""Cohorts: people who move through a course together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from school.forms.people import LinesForm
from school.forms.sessions import AttachForm, CohortForm
from school.models import Cohort, Course, Session
from school.models.cohort_sessions import (
    add_attendance,
    attach_session,
    describe_places,
    detach_session,
    find_attachable_sessions,
    with_attendance,
)
from school.models.progress import load_progress
from school.person_lines import read_lines
from school.views.attendance import draw_cohorts, draw_sessions
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
    cohorts = list(add_attendance(Cohort.objects.with_counts(timezone.now())))
    return render(
        request,
        "school/cohorts/list.html",
        {"form": form, "cohorts": cohorts, "chart": draw_cohorts(cohorts)},
        status=422 if form.is_bound else 200,
    )


@run_school_required
@require_POST
def attach(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a session in this group, ahead or past. Its people are enrolled where the session still takes people."""
    cohort = get_object_or_404(Cohort, pk=pk)
    form = AttachForm(request.POST)
    if not form.is_valid():
        return _render_cohort(request, cohort, attach_form=form, status=422)
    session = form.cleaned_data["session"]
    try:
        states = attach_session(cohort, session, now=timezone.now())
    except NotAllowed as refusal:
        form.add_error("session", refusal.reasons)
        return _render_cohort(request, cohort, attach_form=form, status=409)
    done = _("“%(session)s” is in the group now.") % {"session": session.name}
    messages.success(request, f"{done} {describe_places(states)}".strip())
    return redirect("school:cohort", pk)


@run_school_required
@require_POST
def detach(request: SignedInRequest, pk: int, session: int) -> HttpResponse:
    """Take a session out of this group. Places people have stay theirs."""
    cohort = get_object_or_404(Cohort, pk=pk)
    if detach_session(cohort, get_object_or_404(Session, pk=session)):
        messages.success(request, _("It is not in the group any more. Places people have stay theirs."))
    else:
        messages.info(request, _("It was not in this group."))
    return redirect("school:cohort", pk)


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
    return _render_cohort(request, cohort, form=form, status=422 if form.is_bound else 200)


def _render_cohort(
    request: SignedInRequest,
    cohort: Cohort,
    *,
    form: LinesForm | None = None,
    attach_form: AttachForm | None = None,
    status: int,
) -> HttpResponse:
    """The page of a group: its people, its sessions, and who came to them."""
    now = timezone.now()
    course = Course.objects.with_modules().get(pk=cohort.course_id)
    theirs = Session.objects.filter(cohort=cohort).with_modules().with_counts().order_by("starts_at", "pk")
    sessions = list(with_attendance(theirs))
    attachable = list(find_attachable_sessions(cohort, now).for_a_glance(request.user))
    attach_form = attach_form or AttachForm()
    attach_form.offer(attachable)
    shown = {
        "cohort": cohort,
        "form": form or LinesForm(),
        "attach_form": attach_form if attachable or attach_form.is_bound else None,
        "sessions": sessions,
        "chart": draw_sessions(sessions),
        "rows": [(row, LEVELS[row.level]) for row in load_progress([course], list(cohort.members.all()), now=now)],
    } | pop_answers(request)
    if shown["answers"] and not (form and form.is_bound):
        shown["form"] = LinesForm(initial={"lines": shown["wrong"]})
    return render(request, "school/cohorts/detail.html", shown, status=status)


@run_school_required
@require_POST
def remove_member(request: SignedInRequest, pk: int, person: int) -> HttpResponse:
    """Take somebody out of a cohort. Places they have stay theirs."""
    cohort = get_object_or_404(Cohort, pk=pk)
    member: User = get_object_or_404(cohort.members, pk=person)
    cohort.members.remove(member)
    messages.success(request, _("%(name)s is no longer in it. They keep their places.") % {"name": member})
    return redirect("school:cohort", pk)
