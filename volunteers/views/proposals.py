"""The page of a proposal: looking at it, changing it, and accepting all or part."""

from collections import Counter

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
from volunteers.models.proposal_view import ShownShift, show_proposal
from volunteers.shared.actions import ask_first
from volunteers.shared.requests import SignedInRequest
from volunteers.shared.workers import worker_is_alive

# The message after accepting names so many shifts; a whole month of them would fill the page.
MAX_NAMED = 12


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
    wanted = [shift for shift in shifts if only in ("", str(shift.pk))]
    chosen = [pair for shift in wanted for pair in form.chosen(shift.pk)]
    posts = Post.objects.select_related("shift", "needs").in_bulk([post for post, _person in chosen])
    people = User.objects.in_bulk([person for _post, person in chosen])
    proposal.keep_choices(form.choices())
    refused = proposal.accept([(posts[post], people[who]) for post, who in chosen], by=request.user)
    _say_accepted(request, wanted, Counter(post for post, _who in chosen), refused)
    done = proposal.settle([shift.pk for shift in wanted])
    return redirect("periods:period" if done else "periods:proposal", pk)


def _say_accepted(
    request: SignedInRequest, shifts: list[ShownShift], chosen: Counter[int], refused: list[tuple[Post, str]]
) -> None:
    """Tell how many places are taken, on which shifts, and who was refused."""
    chosen = chosen - Counter(post.pk for post, _sentence in refused)
    done = chosen.total()
    if done:
        when = [shift.when for shift in shifts if any(chosen[place.post] for place in shift.places)]
        if len(when) > MAX_NAMED:
            more = len(when) - MAX_NAMED + 1
            also = ngettext("one more shift", "%(number)d more shifts", more) % {"number": more}
            when = [*when[: MAX_NAMED - 1], also]
        message = ngettext("One place is taken: %(shifts)s.", "%(number)d places are taken: %(shifts)s.", done)
        messages.success(request, message % {"number": done, "shifts": "; ".join(when)})
    else:
        messages.info(request, _("Nobody was put on a shift."))
    for _post, sentence in refused:
        messages.warning(request, sentence)


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_POST
def discard_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete the proposal. Nobody was on a shift by it."""
    question = ask_first(
        request,
        losses.lose_with_proposal(RotaProposal.objects.filter(period=pk).first()),
        title=_("Delete this proposal?"),
        label=_("Delete it"),
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
