"""One's own page: own data, letters, and sessions."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from volunteers.forms.people import LettersForm, MeForm
from volunteers.shared.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: SignedInRequest) -> HttpResponse:
    """See and change one's own data."""
    form = MeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("volunteers:me")
    return _me_page(request, form=form)


@require_POST
def letters(request: SignedInRequest) -> HttpResponse:
    """Choose which letters to get."""
    form = LettersForm(request.POST, person=request.user)
    if not form.is_valid():
        return _me_page(request, letters_form=form)
    request.user.silence(form.silenced())
    messages.success(request, _("Saved."))
    return redirect("volunteers:me")


def _me_page(
    request: SignedInRequest, *, form: MeForm | None = None, letters_form: LettersForm | None = None
) -> HttpResponse:
    shown = {
        "form": form or MeForm(instance=request.user),
        "letters_form": letters_form or LettersForm(person=request.user),
        "held": request.user.holdings.on(timezone.localdate()).select_related("qualification"),
    }
    wrong = any(bound.is_bound and not bound.is_valid() for bound in (form, letters_form) if bound)
    return render(request, "volunteers/people/me.html", shown, status=422 if wrong else 200)


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """End all of one's own sessions, this one too."""
    request.user.end_sessions()
    logout(request)
    return redirect("account_login")
