"""Pages of periods: asking people when they can, and publishing the rota."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from volunteers.forms.periods import FillForm, PeriodForm
from volunteers.models import RotaPeriod, RotaProposal, Shift, losses
from volunteers.shared.actions import ask_first, run_or_refuse
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def list_periods(request: SignedInRequest) -> HttpResponse:
    """The list of periods, and the form to open one."""
    form = PeriodForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            period = RotaPeriod.objects.ask(**form.cleaned_data, by=request.user)
        except NotAllowed as refusal:
            form.add_error(None, refusal.reasons)
            status = 409
        else:
            messages.success(request, _("We ask everybody who could be on these shifts."))
            return redirect(period)
    shown = {
        "form": form,
        "periods": RotaPeriod.objects.open(),
        "past": RotaPeriod.objects.filter(closed=True).order_by("-first_day")[:6],
    }
    return render(request, "volunteers/periods/list.html", shown, status=status)


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def show_period(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of one period; POST asks for a proposal."""
    here = get_object_or_404(RotaPeriod, pk=pk)
    if request.method != "POST":
        return _page(request, here)
    form = FillForm(request.POST)
    form.full_clean()
    question = ask_first(
        request,
        losses.lose_with_proposal(RotaProposal.objects.filter(period=here).first()),
        title=_("Fill it again?"),
        label=_("Fill it again"),
        back=here.get_absolute_url(),
        instead=_("First accept what is good in the proposal you have."),
    )
    if question is not None:
        return question
    asking = partial(RotaProposal.objects.start, here, brim=form.cleaned_data["brim"], by=request.user)
    return _run_for_period(request, here, asking, to="periods:proposal")


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_POST
def remind_people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remind the people who have not answered."""
    here = get_object_or_404(RotaPeriod, pk=pk)
    return _run_for_period(
        request, here, partial(here.remind, by=request.user), _("We remind the people who have not answered.")
    )


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_POST
def publish_period(request: SignedInRequest, pk: int) -> HttpResponse:
    """Publish the drafts; people are told, and their answers deleted."""
    here = get_object_or_404(RotaPeriod, pk=pk)
    drafts = Shift.objects.on_days(here.first_day, here.last_day)
    question = ask_first(
        request,
        [*losses.list_empty_places(drafts), *losses.lose_by_closing(here)] if losses.list_empty_places(drafts) else [],
        title=_("Publish with empty places?"),
        label=_("Publish them and tell people"),
        back=here.get_absolute_url(),
        instead=_("While they are drafts, the app can fill them, or you can plan them by hand."),
    )
    if question is not None:
        return question
    published = here.publish(by=request.user)
    message = ngettext("One shift is published.", "%(number)d shifts are published.", published) % {"number": published}
    messages.success(request, message)
    return redirect(here)


@permission_required("volunteers.plan_rota", raise_exception=True)
@require_POST
def finish_period(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close the period and delete the answers."""
    here = get_object_or_404(RotaPeriod, pk=pk)
    question = ask_first(
        request,
        losses.lose_by_closing(here) if not here.closed else [],
        title=_("Stop asking?"),
        label=_("Stop asking, and delete the answers"),
        back=here.get_absolute_url(),
        instead=_("While you keep asking, we keep everything, until the rota is published."),
    )
    if question is not None:
        return question
    return _run_for_period(request, here, partial(here.finish, by=request.user), _("Closed. All answers are deleted."))


def _run_for_period(
    request: SignedInRequest,
    here: RotaPeriod,
    verb: Callable[[], object],
    success: str = "",
    *,
    to: str = "periods:period",
) -> HttpResponse:
    page = partial(_page, request, here)
    return run_or_refuse(request, verb, success=success, page=page, then=redirect(to, here.pk))


def _page(
    request: SignedInRequest, here: RotaPeriod, *, status: int = 200, refusal: NotAllowed | None = None
) -> HttpResponse:
    shown: dict[str, Any] = {
        "period": here,
        "reasons": refusal.reasons if refusal else None,
        "today": timezone.localdate(),
        "fill_form": FillForm(),
    }
    if not here.closed:
        people = list(here.people())
        answered = set(here.answered().values_list("pk", flat=True))
        shown |= {
            "proposal": RotaProposal.objects.filter(period=here).first(),
            "people": people,
            "answered": len(answered),
            "silent": [person for person in people if person.pk not in answered],
            "shifts": here.shifts().annotate(
                yes=Count("answers", filter=Q(answers__answer="yes")),
                if_needed=Count("answers", filter=Q(answers__answer="if_needed")),
            ),
            "drafts": here.shifts().filter(state="draft").count(),
        }
    return render(request, "volunteers/periods/detail.html", shown, status=status)
