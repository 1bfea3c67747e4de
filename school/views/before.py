"""Pages to record earlier completions of several people at once, as of founding volunteers."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from school.completion import OutcomeState
from school.forms.people import BeforeForm
from school.models import Course, Outcome
from school.models.find_or_create_person import find_or_create_person
from school.person_lines import PersonLine, read_lines
from school.views.enrolling import LineAnswer, pop_answers, redirect_with_answers
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@permission_required("school.grant_before", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def record_before(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that several people did a course before, with how we know; each line gets its answer."""
    course = get_object_or_404(Course, pk=pk)
    form = BeforeForm(request.POST or None, course=course)
    if form.is_valid():
        answers = [_record_line(request, line, form) for line in read_lines(form.cleaned_data["lines"])]
        return redirect_with_answers(request, answers, "school:before", pk)
    shown = {"course": course, "form": form} | pop_answers(request)
    if shown["answers"] and not form.is_bound:
        shown["form"] = BeforeForm(course=course, initial={"lines": shown["wrong"]})
    return render(request, "school/before/page.html", shown, status=422 if form.is_bound else 200)


def _record_line(request: SignedInRequest, line: PersonLine, form: BeforeForm) -> LineAnswer:
    asked, gained = form.cleaned_data, []
    try:
        with transaction.atomic():
            person, _new = find_or_create_person(line)
            for module in asked["modules"]:
                changes = Outcome.objects.record_elsewhere(
                    person,
                    module,
                    OutcomeState.DONE,
                    note=asked["note"],
                    on=asked["on"],
                    by=request.user,
                    now=timezone.now(),
                    before=True,
                )
                gained += [completion for completion in changes.gained if completion.holding]
    except NotAllowed as refusal:
        return LineAnswer(line, good=False, words=" ".join(refusal.reasons))
    held = ", ".join(str(completion.grants) for completion in gained)
    words = _("%(name)s now has %(what)s.") if held else _("%(name)s: saved. They get nothing new from it.")
    return LineAnswer(line, good=True, words=words % {"name": person, "what": held})
