"""Feedback pages: giving it by a code in the room, and reading it once there are enough answers."""

import uuid
from statistics import fmean

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from school.forms.joining import FeedbackForm
from school.models import Feedback, Session
from school.models.feedback import MIN_ANSWERS
from school.views.joining import FEEDBACK, is_within_limit
from volunteers.shared.requests import SignedInRequest


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_feedback(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say how it was. Who says it is neither asked nor kept."""
    session = get_object_or_404(Session.objects.with_modules(), feedback_key=key)
    if not session.takes_feedback(timezone.now()):
        return render(request, "school/feedback/over.html", {"session": session}, status=410)
    form = FeedbackForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if is_within_limit(request, FEEDBACK):
            form.instance.session = session
            form.save()
            return redirect("school:feedback-thanks")
        form.add_error(None, _("Many people answered from here in a short time. Please try again in an hour."))
        status = 429
    return render(request, "school/feedback/form.html", {"form": form, "session": session}, status=status)


@login_not_required
@require_safe
def show_thanks(request: HttpRequest) -> HttpResponse:
    """Thank the person for their feedback."""
    return render(request, "school/feedback/thanks.html")


@require_safe
def list_feedback(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the feedback on a session to its facilitators, once no more may come; nothing of too few answers."""
    session = get_object_or_404(Session.objects.run_by(request.user).with_modules(), pk=pk)
    now = timezone.now()
    answers = Feedback.objects.list_readable(session, now)
    return render(
        request,
        "school/feedback/answers.html",
        {
            "session": session,
            "may_come": session.may_take_feedback(now),
            "answers": answers,
            "mean": fmean(answer.useful for answer in answers) if answers else None,
            "enough": MIN_ANSWERS,
            "together": len(Feedback.objects.find_pool(session, now)) if answers else 0,
        },
    )
