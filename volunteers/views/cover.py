"""Looking for cover or a swap, and answering such an offer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteers.forms.refusing import posted
from volunteers.forms.signups import CoverForm
from volunteers.models import Offer, Signup
from volunteers.models.eligibility_queries import check_person, rank_people
from volunteers.models.namesakes import tell_apart
from volunteers.models.swaps import find_swaps
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.shifts import GET_OR_POST


@require_http_methods(GET_OR_POST)
def ask_for_cover(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask everybody, ask some people, or offer a swap; the person stays on until somebody says yes."""
    mine = get_object_or_404(
        Signup.objects.live().filter(person=request.user).select_related("shift", "post__needs", "person"), pk=pk
    )
    if not request.user.sees_people(timezone.localdate()):
        raise Http404
    mine.post.shift = mine.shift
    can_cover = [person for person, why in rank_people(mine.post, covers=mine) if not why]
    apart = tell_apart(can_cover, timezone.now())
    for person in can_cover:
        person.apart = apart.get(person.pk, "")
    can_swap = find_swaps(mine)
    form = CoverForm(posted(request), people=can_cover, others=can_swap)
    if form.is_valid():
        try:
            words = _ask(request, mine, form)
        except NotAllowed as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words)
            return redirect("rota:mine")
    shown = {"form": form, "mine": mine, "can_cover": can_cover, "can_swap": can_swap}
    return render(request, "volunteers/signups/cover.html", shown, status=form.status)


def _ask(request: SignedInRequest, mine: Signup, form: CoverForm) -> str:
    how, by = form.cleaned_data["how"], request.user
    if how == "everybody":
        mine.look_for_cover(by=by)
        return _("We ask everybody who could cover. You stay on until somebody says yes.")
    if how == "people":
        offers = Offer.ask_to_cover(mine, form.cleaned_data["people"], by=by)
    else:
        offers = Offer.ask_to_swap(mine, form.cleaned_data["others"], by=by)
    number = len(offers)
    return ngettext(
        "We ask %(n)d person. You stay on until they say yes.",
        "We ask %(n)d people. You stay on until somebody says yes.",
        number,
    ) % {"n": number}


@require_safe
def show_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of one offer. An offer to somebody else looks like one that is gone."""
    offer = Offer.objects.open(timezone.now()).for_person(request.user).with_shifts().filter(pk=pk).first()
    return render_offer(request, offer) if offer else render_gone(request)


@require_POST
def accept_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept an offer. One that is gone says so."""
    offer = Offer.objects.with_shifts().for_person(request.user).filter(pk=pk).first()
    if offer is None:
        return render_gone(request)
    shift = offer.post.shift
    try:
        offer.accept(request.user)
    except NotAllowed as refusal:
        return render_offer(request, offer, status=409, refusal=refusal)
    messages.success(request, _("You are on. Thank you!"))
    return redirect(shift)


@require_POST
def decline_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decline an offer, without a reason."""
    offer = Offer.objects.filter(pk=pk, to=request.user).first()
    if offer is not None:
        offer.decline(request.user)
    messages.success(request, _("That is fine. Nothing else happens."))
    return redirect("rota:mine")


@require_POST
def take_back_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop asking."""
    offer = get_object_or_404(Offer, pk=pk)
    try:
        offer.take_back(by=request.user)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Taken back."))
    return redirect("rota:mine")


def render_offer(
    request: SignedInRequest, offer: Offer, *, status: int = 200, refusal: NotAllowed | None = None
) -> HttpResponse:
    """The page of an offer, with every reason why they cannot take it."""
    leaving = [signup for signup in (offer.covers, offer.in_return) if signup]
    why = check_person(offer.post, request.user, without=leaving, asked=True)
    shown = {
        "offer": offer,
        "shift": offer.post.shift,
        "why": [] if refusal else why,
        "reasons": refusal.reasons if refusal else [],
        "sees": request.user.sees_people(timezone.localdate()),
    }
    return render(request, "volunteers/offers/detail.html", shown, status=status)


def render_gone(request: SignedInRequest) -> HttpResponse:
    """The page of an offer that was taken or taken back."""
    return render(request, "volunteers/offers/gone.html", status=410)
