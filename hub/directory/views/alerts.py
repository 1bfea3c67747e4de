"""Alerts: what anybody may read, what is drafted, and the sheet for the wall."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hub.core.form_saving import save_form
from hub.core.leads import can_lead_tonight
from hub.directory.forms.alerts import AlertForm
from hub.directory.models.alerts import Alert
from hub.languages.models.translations import Translation, translate_objects
from volunteers.shared.actions import run_or_refuse
from volunteers.shared.public_page import public_page
from volunteers.shared.qr import qr_code
from volunteers.shared.requests import SignedInRequest

DRAW = "hub.add_alert"
PUBLISH = "hub.publish_alert"


@login_not_required
@require_safe
@public_page
def alerts(request: HttpRequest) -> HttpResponse:
    """What is going round now, the newest first."""
    return render(request, "hub/directory/alerts/list.html", {"alerts": translate_objects(Alert.objects.live())})


@login_not_required
@require_safe
@public_page
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert as a sheet to print. What is not published is for those who draft and publish."""
    found = get_object_or_404(Alert, pk=pk)
    if not found.is_live and not request.user.has_perm(DRAW):
        raise Http404
    Translation.objects.translate(found)
    link = settings.SITE_URL + reverse("hub:alerts")
    return render(request, "hub/directory/alerts/sheet.html", {"alert": found, "link": link, "square": qr_code(link)})


@require_GET
@permission_required(DRAW, raise_exception=True)
def manage(request: SignedInRequest) -> HttpResponse:
    """Drafts, what is published, and what is over."""
    everything = list(Alert.objects.newest_first()[:100])
    live = [one for one in everything if one.is_live]
    drafts = [one for one in everything if one.state == Alert.State.DRAFT]
    over = [one for one in everything if one not in live and one not in drafts]
    context = {"live": live, "drafts": drafts, "over": over, "leads": can_lead_tonight(request.user)}
    return render(request, "hub/directory/alerts/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(DRAW, raise_exception=True)
def new(request: HttpRequest) -> HttpResponse:
    """Draft an alert."""
    return _edit(request, Alert(), _("Drafted. A coordinator can publish it."))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(DRAW, raise_exception=True)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an alert right. Once it is published, only those who publish can."""
    found = get_object_or_404(Alert, pk=pk)
    if found.state != Alert.State.DRAFT and not request.user.has_perm(PUBLISH):
        raise Http404
    return _edit(request, found, _("Saved."))


@permission_required(PUBLISH, raise_exception=True)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody."""
    return _do(request, pk, Alert.publish, _("Published. Print it for the wall, and tell the people on shift."))


@permission_required(PUBLISH, raise_exception=True)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off every page."""
    return _do(request, pk, Alert.withdraw, _("Withdrawn. Take it off the wall too."))


@permission_required(DRAW, raise_exception=True)
@require_POST
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tonight's lead shows a draft at the desk until it closes, with no coordinator online."""
    _leads(request)
    return _do(request, pk, Alert.show_tonight, _("The desk shows it until it closes. A coordinator can publish it."))


@permission_required(DRAW, raise_exception=True)
@require_POST
def hide(request: SignedInRequest, pk: int) -> HttpResponse:
    """And takes it off again."""
    _leads(request)
    return _do(request, pk, Alert.hide_tonight, _("The desk does not show it any more."))


def _leads(request: SignedInRequest) -> None:
    if not can_lead_tonight(request.user):
        raise PermissionDenied


def _do(request: HttpRequest, pk: int, verb: Callable[[Alert], None], said: str) -> HttpResponse:
    found = get_object_or_404(Alert, pk=pk)
    return run_or_refuse(request, lambda: verb(found), success=said, then=redirect("hub:alerts-manage"))


def _edit(request: HttpRequest, found: Alert, said: str) -> HttpResponse:
    form = AlertForm(request.POST or None, instance=found)
    if request.method == "POST" and save_form(form):
        messages.success(request, said)
        return redirect("hub:alerts-manage")
    context = {"form": form, "is_new": found.pk is None}
    return render(request, "hub/directory/alerts/form.html", context, status=422 if form.errors else 200)
