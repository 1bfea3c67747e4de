"""Desk devices: pairing a tablet for tonight, seeing which there are, and taking one off."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.periods import LATE_DAYS
from hub.core.tonights_lead import can_lead_tonight
from hub.desk.access import DEVICE_COOKIE, get_opening, set_desk_cookie
from hub.desk.exceptions import DeskClosed
from hub.desk.forms.devices import PairForm
from hub.desk.models.devices import DeskDevice
from hub.desk.models.openings import Opening
from hub.desk.script_config import build_script_config
from volunteers.shared.qr import qr_code
from volunteers.shared.requests import SignedInRequest

DEVICE_COOKIE_TTL = LATE_DAYS * 24 * 60 * 60
"""A browser that was killed is the same desk again. Once the desk has closed the cookie opens nothing, and only says
that the device has ended, for as long as something unsent may be on it."""


@require_safe
def list_devices(request: SignedInRequest) -> HttpResponse:
    """The devices of tonight's desk, and the code of the one that is being paired.

    For a volunteer who does not lead tonight it says who pairs one, instead of a refusal behind a link of the desk.
    """
    if not request.user.has_perm("hub.staff_desk"):
        raise PermissionDenied
    if not can_lead_tonight(request.user):
        return render(request, "hub/desk/devices/ask.html")
    opening = _get_opening_led(request)
    devices = list(opening.devices.all()) if opening else []
    waiting = next((device for device in devices if not device.paired), None)
    link = request.build_absolute_uri(f"{reverse('hub:device-pair')}?code={waiting.code}") if waiting else ""
    context = {
        "opening": opening,
        "devices": [device for device in devices if device.paired],
        "waiting": waiting,
        "qr": qr_code(link) if link else "",
        "pair_address": request.build_absolute_uri(reverse("hub:device-pair")),
    }
    return render(request, "hub/desk/devices/list.html", context)


@require_POST
def invite_device(request: SignedInRequest) -> HttpResponse:
    """Make a code for one more device."""
    opening = _get_opening_led(request)
    if opening is not None:
        try:
            DeskDevice.objects.invite(opening)
        except DeskClosed as refused:
            messages.error(request, str(refused))
    return redirect("hub:devices")


@require_POST
def revoke_device(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a device off, at once."""
    opening = _get_opening_led(request)
    get_object_or_404(DeskDevice.objects.filter(opening=opening), pk=pk).delete()
    messages.success(request, _("It is no longer a desk. What it has not sent yet is safe on it."))
    return redirect("hub:devices")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair_device(request: HttpRequest) -> HttpResponse:
    """The page on the device itself: type the code, or arrive with it by QR code. Looking uses up no code."""
    form = PairForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            _device, token = DeskDevice.objects.pair(form.cleaned_data["code"])
        except DeskClosed as refused:
            form.add_error("code", str(refused))
        else:
            return _redirect_paired(token)
    return render(request, "hub/desk/devices/pair.html", {"form": form, "config": build_script_config()}, status=status)


def _redirect_paired(token: str) -> HttpResponse:
    response = redirect("hub:desk")
    return set_desk_cookie(response, DEVICE_COOKIE, token, DEVICE_COOKIE_TTL)


def _get_opening_led(request: SignedInRequest) -> Opening | None:
    """The desk this person leads tonight. Refuses everybody who does not lead."""
    if not can_lead_tonight(request.user):
        raise PermissionDenied
    return get_opening(request)
