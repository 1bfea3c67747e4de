"""The first page of the School's organisers: the next sessions, and the tasks that wait."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from school.models import Enrolment, Proposal, Session
from volunteers.shared.requests import SignedInRequest

MAX_SHOWN = 6

run_school_required = permission_required("school.run_school", raise_exception=True)


@run_school_required
@require_safe
def show_manage(request: SignedInRequest) -> HttpResponse:
    """The next sessions, registers nobody has closed, outcomes nobody has said, offers that wait for an answer."""
    now = timezone.now()
    to_come = Session.objects.filter(ends_at__gt=now).exclude(state="cancelled").order_by("starts_at", "pk")
    ahead = list(to_come.with_modules().with_counts())
    open_registers = Session.objects.announced().filter(ends_at__lte=now, register_closed_on=None)
    return render(
        request,
        "school/manage/page.html",
        {
            "running": [session for session in ahead if session.state == "announced" and session.register_is_open(now)],
            "ahead": ahead[:MAX_SHOWN],
            "more": len(ahead) - MAX_SHOWN,
            "open_registers": open_registers.with_modules().with_counts(),
            "unsaid": Session.objects.with_missing_outcomes().with_modules(),
            "held": Enrolment.objects.unreachable(now),
            "proposals": Proposal.objects.open().count(),
        },
    )
