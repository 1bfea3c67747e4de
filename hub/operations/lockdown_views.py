"""Ending every way in, for an admin who must do it now."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.operations.lockdown import lock_down, what_ends
from volunteers.shared.requests import SignedInRequest


@permission_required("volunteers.lock_down", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lockdown(request: SignedInRequest) -> HttpResponse:
    """A page that says what lockdown does, with one button; then the sign-in page, which says what was done."""
    if request.method == "POST":
        ended = lock_down()
        logout(request)
        messages.success(request, " ".join([_("Done."), *ended]))
        return redirect("account_login")
    return render(request, "hub/operations/lockdown/page.html", {"what_ends": what_ends()})
