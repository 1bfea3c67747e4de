"""Everybody's own page: what is known of them, and how they sign in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from volunteers.forms.people import MeForm
from volunteers.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: SignedInRequest) -> HttpResponse:
    """What we know of you, to change as you like."""
    form = MeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("volunteers:me")
    held = request.user.holdings.on(timezone.localdate()).select_related("qualification")
    return render(
        request, "volunteers/people/me.html", {"form": form, "held": held}, status=422 if form.errors else 200
    )


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """End every session of yours, this one too."""
    request.user.end_sessions()
    logout(request)
    return redirect("account_login")
