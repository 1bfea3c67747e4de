"""The public calendar, for anybody's own calendar to subscribe to."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.public.calendar_entries import list_public_entries
from hub.public.views.front import AHEAD
from volunteers.shared import ical
from volunteers.shared.public_page import public_page


@login_not_required
@require_safe
@public_page
def show_calendar(_request: HttpRequest) -> HttpResponse:
    """Openings and School dates as iCalendar, with neutral words: calendars lie open on other people's computers."""
    raw = ical.calendar(list_public_entries(timezone.now(), AHEAD), name=_("Dates"))
    return HttpResponse(raw, content_type="text/calendar; charset=utf-8")
