"""The links in our letters."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from volunteers.shared.requests import SignedInRequest
from volunteers.shared.sealing import Unsealable, unseal


@require_safe
def follow(_request: SignedInRequest, sealed: str) -> HttpResponse:
    """Go where a letter points. Its link tells neither the subject nor the person."""
    try:
        address = unseal(sealed, purpose="link")
    except Unsealable:
        raise Http404 from None
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        raise Http404
    return redirect(address)
