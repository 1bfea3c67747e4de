"""One's own shifts in one's own calendar: making the address, taking it back, and what it answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from hub.people.models.calendar_feed import Feed, address_of
from volunteers.shared import ical
from volunteers.shared.qr import qr_code
from volunteers.shared.requests import SignedInRequest

SHOW = "show_feed"


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: SignedInRequest) -> HttpResponse:
    """The address of one's feed. It is shown once, when it is made: POST makes it, and any earlier one stops."""
    if request.method == "POST":
        request.session[SHOW] = Feed.objects.renew(request.user)
        return redirect("hub:calendar")
    token = request.session.pop(SHOW, None)
    address = address_of(token) if token else ""
    shown = {
        "there_is_one": Feed.objects.filter(person=request.user).exists(),
        "address": address,
        "webcal": "webcal:" + address.partition(":")[2],
        "qr": qr_code(address) if address else "",
    }
    return render(request, "hub/people/calendar_feed/calendar.html", shown)


@require_POST
def revoke(request: SignedInRequest) -> HttpResponse:
    """From now on the address tells nothing to anybody."""
    Feed.objects.filter(person=request.user).delete()
    messages.success(request, _("Removed. The address does not work any more."))
    return redirect("hub:calendar")


@login_not_required
@require_safe
@conditional_page
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own shifts, for anybody who has the address: a calendar cannot sign in. 404 for any other address."""
    calendar_feed = Feed.objects.at(token)
    if calendar_feed is None:
        raise Http404
    raw = ical.calendar(calendar_feed.entries(timezone.now()), name=_("Shifts"))
    answer = HttpResponse(raw, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer
