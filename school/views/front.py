"""The School's public page: what it is, and the sessions anybody can ask to join."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from school.models import Course, Session
from volunteers.strangers import for_anybody

AT_ONCE = 12


@login_not_required
@require_safe
@for_anybody
def front(request: HttpRequest) -> HttpResponse:
    """What the School is, for a stranger. Nobody's name is on it, and no place."""
    sessions = Session.objects.public(timezone.now()).with_modules().with_counts()[:AT_ONCE]
    return render(
        request,
        "school/front/page.html",
        {"courses": Course.objects.taught().with_modules(), "sessions": sessions},
    )
