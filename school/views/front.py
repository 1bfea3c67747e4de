"""The School's public page: what it is, and the sessions anybody can ask to join."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from school.models import Course, Session
from volunteers.shared.public_page import public_page
from volunteers.shared.qr import qr_code

MAX_SHOWN = 12


@login_not_required
@require_safe
@public_page
def show_front(request: HttpRequest) -> HttpResponse:
    """The public page about the School. It shows no name and no place."""
    sessions = Session.objects.public(timezone.now()).with_modules().with_counts()[:MAX_SHOWN]
    return render(
        request,
        "school/front/page.html",
        {"courses": Course.objects.taught().with_modules(), "sessions": sessions},
    )


@login_not_required
@require_safe
@public_page
def show_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One date on a sheet of paper, for any wall: it says what the public page says, so neither a place nor a name."""
    session = get_object_or_404(Session.objects.public(timezone.now()).with_modules(), pk=pk)
    join = f"{settings.SITE_URL.rstrip('/')}{reverse('school:join')}?session={session.pk}"
    return render(request, "school/front/sheet.html", {"session": session, "join": join, "join_square": qr_code(join)})
