"""Actions: views that run one verb of a model, and answer its refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest

T = TypeVar("T")


def run_action(
    request: SignedInRequest,
    action: Callable[[], T],
    *,
    success: str | Callable[[T], str],
    next_url: str,
    page: Callable[..., HttpResponse],
) -> HttpResponse:
    """Run the action, show `success` and redirect to `next_url`.

    A refusal is answered with 409 by `page`, which takes `status` and `refusal`. `success` may depend on the result.
    """
    try:
        result = action()
    except NotAllowed as refusal:
        return page(status=409, refusal=refusal)
    messages.success(request, success if isinstance(success, str) else success(result))
    return redirect(next_url)


def run_for_form(form: forms.BaseForm, action: Callable[[], object]) -> bool:
    """Run the action of a valid form. A refusal is added to the form, and answered with False."""
    try:
        action()
    except NotAllowed as refusal:
        form.add_error(None, refusal.reasons)
        return False
    return True
