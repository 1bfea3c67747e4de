"""The front page and everybody's own day."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@login_not_required
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What anyone sees first."""
    return render(request, "hub/home/front.html")


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The state of the desk, and the one thing this person should do next."""
    return render(request, "hub/home/today.html")
