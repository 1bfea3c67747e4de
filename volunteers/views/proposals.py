"""The page of a proposal: looking at it, changing it, and accepting all or part."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from volunteers.forms.periods import AcceptProposalForm
from volunteers.models import Post, RotaProposal, User, losses
from volunteers.models.proposal_view import show_proposal
from volunteers.shared.actions import ask_first
from volunteers.shared.requests import SignedInRequest
from volunteers.shared.workers import worker_is_alive


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_safe
def watch_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """The progress of the job; once it is done, the proposal."""
    proposal = get_object_or_404(RotaProposal.objects.select_related("period"), period=pk)
    watching = request.headers.get("HX-Target") == "progress"
    if not proposal.is_ready:
        template = "volunteers/periods/progress.html" + ("#progress" if watching else "")
        shown = {"proposal": proposal, "stopped": proposal.has_stopped, "worker_lives": worker_is_alive()}
        return render(request, template, shown)
    if watching:
        return HttpResponseClientRefresh()
    return _page(request, proposal, None)


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_POST
def accept_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the chosen people on: on one shift, or on all of them."""
    proposal = get_object_or_404(
        RotaProposal.objects.select_related("period"), period=pk, state=RotaProposal.State.READY
    )
    shifts = show_proposal(proposal)
    form = AcceptProposalForm(request.POST, places=[place for shift in shifts for place in shift.places])
    if not form.is_valid():
        return _page(request, proposal, form, status=422)
    only = request.POST.get("shift", "")
    wanted = [shift.pk for shift in shifts if only in ("", str(shift.pk))]
    chosen = [pair for shift in wanted for pair in form.chosen(shift)]
    posts = Post.objects.select_related("shift", "needs").in_bulk([post for post, _person in chosen])
    people = User.objects.in_bulk([person for _post, person in chosen])
    refused = proposal.accept([(posts[post], people[who]) for post, who in chosen], by=request.user)
    proposal.drop(wanted)
    done = len(chosen) - len(refused)
    message = ngettext("One place is taken.", "%(number)d places are taken.", done) % {"number": done}
    messages.success(request, message)
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect(
        "periods:proposal" if RotaProposal.objects.filter(pk=proposal.pk).exists() else "periods:period", pk
    )


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_POST
def discard_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete the proposal. Nobody was on a shift by it."""
    question = ask_first(
        request,
        losses.lose_with_proposal(RotaProposal.objects.filter(period=pk).first()),
        title=_("Forget this proposal?"),
        label=_("Forget it"),
        back=reverse("periods:proposal", args=[pk]),
    )
    if question is not None:
        return question
    RotaProposal.objects.filter(period=pk).delete()
    return redirect("periods:period", pk)


def _page(
    request: SignedInRequest, proposal: RotaProposal, form: AcceptProposalForm | None, *, status: int = 200
) -> HttpResponse:
    shifts = show_proposal(proposal)
    form = form or AcceptProposalForm(places=[place for shift in shifts for place in shift.places])
    for shift in shifts:
        for place in shift.places:
            place.field = form[place.name]
    shown = {
        "proposal": proposal,
        "form": form,
        "shifts": shifts,
        "places": sum(bool(place.proposed) for shift in shifts for place in shift.places),
        "empty": sum(gap["missing"] for gap in proposal.gaps if gap["post"]),
    }
    return render(request, "volunteers/periods/proposal.html", shown, status=status)
