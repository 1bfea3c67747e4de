"""Pages of alerts: the public list, the sheet for the wall, drafting and publishing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hub.core.form_saving import save_form
from hub.core.tonights_lead import can_lead_tonight
from hub.directory.forms.alerts import AlertForm
from hub.directory.models.alerts import Alert
from hub.languages.hub_of_request import hub_of
from hub.languages.models.translations import Translation, translate_objects
from volunteers.shared.actions import run_or_refuse
from volunteers.shared.public_page import public_page
from volunteers.shared.qr import qr_code
from volunteers.shared.requests import SignedInRequest

DRAFT = "hub.add_alert"
PUBLISH = "hub.publish_alert"


@login_not_required
@require_safe
@public_page
def alerts(request: HttpRequest) -> HttpResponse:
    """The live alerts, the newest first."""
    return render(request, "hub/directory/alerts/list.html", {"alerts": translate_objects(Alert.objects.live())})


@login_not_required
@require_safe
@public_page
def alerts_feed(request: HttpRequest) -> HttpResponse:
    """The live alerts as an Atom feed, for other services. A day, never an hour: nobody learns when one was written."""
    home = settings.SITE_URL + reverse("hub:alerts")
    # The standard asks for an author. It is the hub: nobody of it is named.
    feed = Atom1Feed(
        _("Drug alerts"),
        home,
        "",
        language=get_language() or "",
        feed_url=home + "feed.xml",
        author_name=hub_of(request).name,
    )
    for alert in translate_objects(Alert.objects.live()):
        published = dt.datetime.combine(alert.published_on or alert.week, dt.time(), dt.UTC)
        link = settings.SITE_URL + reverse("hub:alert", args=[alert.pk])
        feed.add_item(
            unique_id=get_tag_uri(link, None),
            link=link,
            title=alert.what,
            description=_describe_alert(alert),
            pubdate=published,
            updateddate=published,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _describe_alert(alert: Alert) -> str:
    where = _("%(area)s, week of %(week)s. Source: %(source)s.") % {
        "area": alert.area,
        "week": date_format(alert.week),
        "source": alert.source,
    }
    return "\n".join([where, *alert.steps])


@login_not_required
@require_safe
@public_page
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert as a sheet to print. Only those who draft alerts see an unpublished one."""
    alert = get_object_or_404(Alert, pk=pk)
    if not alert.is_live and not request.user.has_perm(DRAFT):
        raise Http404
    Translation.objects.translate(alert)
    link = settings.SITE_URL + reverse("hub:alerts")
    return render(request, "hub/directory/alerts/sheet.html", {"alert": alert, "link": link, "square": qr_code(link)})


@require_GET
@permission_required(DRAFT, raise_exception=True)
def manage(request: SignedInRequest) -> HttpResponse:
    """Drafts, live alerts and past ones."""
    alerts = list(Alert.objects.newest_first()[:100])
    live = [alert for alert in alerts if alert.is_live]
    drafts = [alert for alert in alerts if alert.state == Alert.State.DRAFT]
    over = [alert for alert in alerts if alert not in live and alert not in drafts]
    context = {"live": live, "drafts": drafts, "over": over, "can_lead": can_lead_tonight(request.user)}
    return render(request, "hub/directory/alerts/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(DRAFT, raise_exception=True)
def new(request: HttpRequest) -> HttpResponse:
    """Draft an alert."""
    return _alert_form_page(request, Alert(), _("Drafted. A coordinator can publish it."))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(DRAFT, raise_exception=True)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an alert. Only those who publish may change a published one."""
    alert = get_object_or_404(Alert, pk=pk)
    if alert.state != Alert.State.DRAFT and not request.user.has_perm(PUBLISH):
        raise Http404
    return _alert_form_page(request, alert, _("Saved."))


@permission_required(PUBLISH, raise_exception=True)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the alert."""
    return _run_or_refuse(
        request, pk, Alert.publish, _("Published. Print it for the wall, and tell the people on shift.")
    )


@permission_required(PUBLISH, raise_exception=True)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the alert."""
    return _run_or_refuse(request, pk, Alert.withdraw, _("Withdrawn. Take it off the wall too."))


@permission_required(DRAFT, raise_exception=True)
@require_POST
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a draft at the desk until it closes. For tonight's lead, when no coordinator is online."""
    _require_lead(request)
    return _run_or_refuse(
        request, pk, Alert.show_tonight, _("The desk shows it until it closes. A coordinator can publish it.")
    )


@permission_required(DRAFT, raise_exception=True)
@require_POST
def hide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a draft off the desk."""
    _require_lead(request)
    return _run_or_refuse(request, pk, Alert.hide_tonight, _("The desk does not show it any more."))


def _require_lead(request: SignedInRequest) -> None:
    if not can_lead_tonight(request.user):
        raise PermissionDenied


def _run_or_refuse(request: HttpRequest, pk: int, verb: Callable[[Alert], None], success: str) -> HttpResponse:
    alert = get_object_or_404(Alert, pk=pk)
    return run_or_refuse(request, lambda: verb(alert), success=success, then=redirect("hub:alerts-manage"))


def _alert_form_page(request: HttpRequest, alert: Alert, success: str) -> HttpResponse:
    form = AlertForm(request.POST or None, instance=alert)
    if request.method == "POST" and save_form(form):
        messages.success(request, success)
        return redirect("hub:alerts-manage")
    context = {"form": form, "is_new": alert.pk is None}
    return render(request, "hub/directory/alerts/form.html", context, status=422 if form.errors else 200)
