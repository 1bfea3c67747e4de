"""Everybody's own day: what waits for them, and what needs somebody."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.desk.models.openings import Opening
from school.models.glance import SchoolGlance
from volunteers.eligibility import SCHOOL
from volunteers.models import Shift, User
from volunteers.shared.registries import asking, today_lines
from volunteers.shared.requests import SignedInRequest


@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """The state of the desk, what this person is asked, and what they can do for everybody."""
    person, now = request.user, timezone.now()
    desks = list(Opening.objects.open().order_by("pk")) if person.has_perm("hub.staff_desk") else []
    opening = next((desk for desk in desks if desk.is_open), None)
    next_shift = Shift.objects.all().next_of(person, now)
    done = not person.is_welcomed and person.holds(SCHOOL, timezone.localdate(now))
    needs, to_set_up = today_lines.list_lines(person, now)
    return render(
        request,
        "hub/web/today/today.html",
        {
            "opening": opening,
            "totals": opening.totals() if opening else None,
            # Who runs all of it finds theirs on the School's own pages; this page costs them enough.
            "school": None if person.has_perm("volunteers.view_user") else SchoolGlance.of(person, now, done=done),
            "asks": asking.list_asks(person),
            "needs": needs,
            "to_set_up": to_set_up,
            "overdue": not all(desk.is_open for desk in desks),
            "next_shift": next_shift,
            "first_shift": not next_shift and _may_take_first_shift(person, now),
            "done": done,
        },
    )


def _may_take_first_shift(person: User, now: dt.datetime) -> bool:
    # Who runs all of it knows how one takes a shift, and this page costs them enough.
    if person.has_perm("volunteers.view_user"):
        return False
    return bool(User.objects.may_take_a_first_shift(timezone.localdate(now)).filter(pk=person.pk).exists())
