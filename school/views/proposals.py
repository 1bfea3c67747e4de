"""Sessions people offer to give, and what the School says to that."""

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
from volunteers.models import Topic
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.telling import say_told


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: SignedInRequest) -> HttpResponse:
    """Offer to give a session, and see what became of earlier offers."""
    form = ProposalForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            Proposal.objects.offer(request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, refusal.reasons)
            status = 409
        else:
            messages.success(request, _("Thank you. Somebody who runs the School will answer."))
            return redirect("school:proposals")
    return _page(request, form, status)


def _page(
    request: SignedInRequest, form: ProposalForm, status: int = 200, refusal: NotAllowed | None = None
) -> HttpResponse:
    return render(
        request,
        "school/proposals/page.html",
        {
            "form": form,
            "may_offer": can_propose_session(request.user),
            "mine": request.user.proposals.select_related("picked_up_by", "session"),
            "open": Proposal.objects.open() if request.user.has_perm("school.run_school") else [],
            "reasons": refusal.reasons if refusal else [],
        },
        status=status,
    )


@permission_required("school.run_school", raise_exception=True)
@require_POST
def pick_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that it will happen, and go on to planning it."""
    proposal = get_object_or_404(Proposal, pk=pk)
    try:
        proposal.pick_up(by=request.user)
    except NotAllowed as refusal:
        return _page(request, ProposalForm(), 409, refusal)
    messages.success(request, say_told(_("Picked up. Now plan it together."), proposal.person, Topic.SCHOOL))
    return redirect(f"{reverse('school:session-add')}?proposal={proposal.pk}")


@permission_required("school.run_school", raise_exception=True)
@require_POST
def not_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why it does not happen now."""
    proposal = get_object_or_404(Proposal, pk=pk)
    form = DeclineProposalForm(request.POST)
    try:
        proposal.not_now(form.cleaned_data["why"] if form.is_valid() else "")
    except NotAllowed as refusal:
        return _page(request, ProposalForm(), 409, refusal)
    messages.success(request, say_told(_("Answered."), proposal.person, Topic.SCHOOL))
    return redirect("school:proposals")
