"""The rota: what is on, for everybody signed in."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from volunteers.models import Offer, Shift
from volunteers.requests import SignedInRequest


@require_safe
def week(request: SignedInRequest) -> HttpResponse:
    """A week of shifts."""
    shifts = Shift.objects.visible_to(request.user).upcoming(timezone.now())
    return render(request, "volunteers/rota/week.html", {"shifts": shifts})


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """One's own shifts."""
    shifts = Shift.objects.upcoming(timezone.now()).filter(signups__in=request.user.signups.live())
    return render(request, "volunteers/rota/week.html", {"shifts": shifts})


@require_safe
def shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """One shift."""
    shifts = Shift.objects.visible_to(request.user).filter(pk=get_object_or_404(Shift, pk=pk).pk)
    return render(request, "volunteers/rota/week.html", {"shifts": shifts})


@require_safe
def offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """One offer."""
    found = get_object_or_404(Offer.objects.for_person(request.user).with_shifts(), pk=pk)
    return render(request, "volunteers/rota/week.html", {"shifts": [found.post.shift]})
