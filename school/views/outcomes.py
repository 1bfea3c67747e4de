"""The page that records the outcomes of a session, for each person and module."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from school.completion import OutcomeState
from school.forms.outcomes import OutcomesForm
from school.models import Module, Outcome, Session
from school.views.registers import warn_of_lost_grants
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def record_outcomes(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say how it went. Nothing is done until somebody says so; one tap says it of everybody for a module."""
    session = get_object_or_404(Session.objects.run_by(request.user).with_modules(), pk=pk)
    people = [row.person for row in session.enrolments.expected().filter(state="there")]
    rows = Outcome.objects.filter(person__in=people, module__in=session.topics)
    states = {(person, module): state for person, module, state in rows.values_list("person", "module", "state")}
    form = OutcomesForm(request.POST or None, people=people, modules=session.topics, states=states)
    refused: list[str] = []
    status = 422 if form.is_bound else 200
    if form.is_valid():
        refused = [*form.list_overtaken(), *_record_each(request, session, _list_chosen(request, form))]
        if not refused:
            return redirect("school:outcomes", pk)
        status = 409
    shown = {
        "session": session,
        "form": form,
        "refused": refused,
        "unsaid": len(people) * len(session.topics) - sum(state != OutcomeState.NOT_YET for state in states.values()),
    }
    return render(request, "school/outcomes/page.html", shown, status=status)


def _list_chosen(request: SignedInRequest, form: OutcomesForm) -> Iterable[tuple[User, Module, OutcomeState]]:
    """List the outcomes chosen on the page. A module's own button adds done for everybody without an outcome."""
    chosen = {(person.pk, module.pk): (person, module, state) for person, module, state in form.list_changes()}
    for module in form.modules:
        if str(module.pk) == request.POST.get("all", ""):
            for person in form.people:
                if form.states.get((person.pk, module.pk), OutcomeState.NOT_YET) == OutcomeState.NOT_YET:
                    chosen.setdefault((person.pk, module.pk), (person, module, OutcomeState.DONE))
    return [chosen[key] for key in sorted(chosen)]


def _record_each(
    request: SignedInRequest, session: Session, asked: Iterable[tuple[User, Module, OutcomeState]]
) -> list[str]:
    """Record each outcome. A refused one stops none of the others; returns the refusals."""
    refused, saved = [], 0
    for person, module, state in asked:
        try:
            changes = Outcome.objects.record(session, person, module, state, by=request.user, now=timezone.now())
        except NotAllowed as refusal:
            refused.extend(refusal.reasons)
            continue
        saved += 1
        for completion in changes.gained:
            if completion.course:
                about = {"name": person, "what": completion.course}
                messages.success(request, _("%(name)s has completed “%(what)s”.") % about)
        warn_of_lost_grants(request, changes.lost)
    if saved:
        messages.success(
            request,
            ngettext("%(n)d outcome saved.", "%(n)d outcomes saved.", saved) % {"n": saved},
        )
    return refused
