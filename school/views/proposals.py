"""Sessions people offer to give, and what the School says to that."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from school.forms.joining import DeclineProposalForm, ProposalForm
from school.models import Proposal
from school.models.proposals import can_propose_session
from school.views.actions import run_action, run_for_form
from volunteers.models import LetterKind
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.telling import say_told


@require_http_methods(["GET", "HEAD", "POST"])
def show_proposals(request: SignedInRequest) -> HttpResponse:
    """Offer to give a session, and see what became of earlier offers."""
    form = ProposalForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if run_for_form(form, lambda: Proposal.objects.offer(request.user, **form.cleaned_data)):
            messages.success(request, _("Thank you. Somebody who runs the School will answer."))
            return redirect("school:proposals")
        status = 409
    return _render_page(request, form, status=status)


def _render_page(
    request: SignedInRequest, form: ProposalForm, *, status: int = 200, refusal: NotAllowed | None = None
) -> HttpResponse:
    return render(
        request,
        "school/proposals/page.html",
        {
            "form": form,
            "can_propose": can_propose_session(request.user),
            "mine": request.user.proposals.select_related("picked_up_by", "session"),
            "open": Proposal.objects.open() if request.user.has_perm("school.run_school") else [],
            "reasons": refusal.reasons if refusal else [],
        },
        status=status,
    )


@permission_required("school.run_school", raise_exception=True)
@require_POST
def pick_up_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that it will happen, and go on to planning it."""
    proposal = get_object_or_404(Proposal, pk=pk)
    return run_action(
        request,
        lambda: proposal.pick_up(by=request.user),
        success=lambda _none: say_told(_("Accepted. Now plan it together."), proposal.person, LetterKind.SCHOOL),
        next_url=f"{reverse('school:session-add')}?proposal={proposal.pk}",
        page=partial(_render_page, request, ProposalForm()),
    )


@permission_required("school.run_school", raise_exception=True)
@require_POST
def decline_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why it does not happen now."""
    proposal = get_object_or_404(Proposal, pk=pk)
    form = DeclineProposalForm(request.POST)
    return run_action(
        request,
        lambda: proposal.not_now(form.cleaned_data["why"] if form.is_valid() else ""),
        success=lambda _none: say_told(_("Answered."), proposal.person, LetterKind.SCHOOL),
        next_url=reverse("school:proposals"),
        page=partial(_render_page, request, ProposalForm()),
    )
