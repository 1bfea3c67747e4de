"""Calling a session off, in two steps: what is lost comes first."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from school.forms.sessions import CallOffForm
from school.models import Session
from school.models.losses import list_losses
from school.views.actions import run_action
from school.views.manage import run_school_required
from school.views.sessions import render_session_page
from volunteers.models import LetterKind
from volunteers.shared.actions import ask_first
from volunteers.shared.requests import SignedInRequest
from volunteers.views.telling import say_all_told


@run_school_required
@require_POST
def cancel_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel it, with a sentence for the people in it, once whoever does it has read what is lost."""
    session = get_object_or_404(Session, pk=pk)
    form = CallOffForm(request.POST)
    if not form.is_valid():
        return render_session_page(request, pk, status=422, off_form=form)
    page, now = reverse("school:session-manage", args=[pk]), timezone.now()
    question = ask_first(
        request,
        list_losses(session, now),
        title=_("Call it off?"),
        label=_("Call it off"),
        back=page,
        instead="" if session.has_begun(now) else _("You can change its day instead. Then people keep their places."),
    )
    if question is not None:
        return question
    return run_action(
        request,
        lambda: session.call_off(form.cleaned_data["because"], now=now),
        success=lambda people: say_all_told(_("Called off."), people, LetterKind.SCHOOL),
        next_url=page,
        page=partial(render_session_page, request, pk, off_form=form),
    )
