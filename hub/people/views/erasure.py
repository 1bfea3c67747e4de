"""Leaving, being erased, and making one of two records of a person."""

from collections.abc import Callable
from http import HTTPStatus

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import permission_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.people import erasure, merge
from hub.people.forms import ChooseRecordForm, MergeForm, SureForm
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.touched import find_touched
from volunteers.shared.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def leave(request: SignedInRequest) -> HttpResponse:
    """Go, and be erased everywhere. Asked twice, of somebody who has just shown that they are who they are."""
    form = SureForm(request.POST if request.method == "POST" else None)
    status = _run_if_valid(form, lambda: erasure.erase_person(request.user, by=request.user))
    if status == HTTPStatus.FOUND:
        logout(request)
        messages.success(request, _("We have erased you here. Thank you for everything, and take care."))
        return redirect("account_login")
    shown = {"form": form, "touched": find_touched(request.user, timezone.now())}
    return render(request, "hub/people/erasure/leave.html", shown, status=status)


@permission_required("volunteers.erase_user", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Erase somebody who asked for it."""
    person = get_object_or_404(User, pk=pk)
    form = SureForm(request.POST if request.method == "POST" else None)
    status = _run_if_valid(form, lambda: erasure.erase_person(person, by=request.user))
    if status == HTTPStatus.FOUND:
        messages.success(request, _("They are erased everywhere."))
        return redirect("volunteers:people" if pk != request.user.pk else "account_login")
    shown = {"form": form, "person": person, "touched": find_touched(person, timezone.now())}
    return render(request, "hub/people/erasure/erase.html", shown, status=status)


@permission_required("volunteers.merge_user", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Merge another record of this person into this one, which stays."""
    person = get_object_or_404(User, pk=pk)
    chosen = ChooseRecordForm(request.POST or request.GET or None, stays=person)
    goes = chosen.cleaned_data["goes"] if chosen.is_valid() else None
    form = MergeForm(request.POST if request.method == "POST" else None, stays=person, initial={"goes": goes})
    status = _run_if_valid(form, lambda: merge.merge_people(person, form.cleaned_data["goes"], by=request.user))
    if status == HTTPStatus.FOUND:
        messages.success(request, _("The two records are one now."))
        return redirect("volunteers:person", pk)
    shown = {
        "form": form,
        "chosen": chosen,
        "person": person,
        "preview": merge.preview_merge(person, goes) if goes else None,
    }
    if chosen.is_bound and not goes:
        status = max(status, HTTPStatus.UNPROCESSABLE_ENTITY)
    return render(request, "hub/people/erasure/merge.html", shown, status=status)


def _run_if_valid(form: Form, doing: Callable[[], None]) -> HTTPStatus:
    """Run the action if the form is valid. Returns the status: FOUND once it is done, else that of the page."""
    if not form.is_bound:
        return HTTPStatus.OK
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        doing()
    except NotAllowed as refusal:
        form.add_error(None, refusal.reasons)
        return HTTPStatus.CONFLICT
    return HTTPStatus.FOUND
