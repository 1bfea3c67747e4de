"""Pages of people, for those who look after accounts."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteers.eligibility import SCHOOL
from volunteers.forms.people import HoldingForm, RolesForm, SearchForm
from volunteers.models import Holding, Hours, User
from volunteers.models.touched import find_touched_by_holding
from volunteers.shared.actions import run_or_refuse
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.touched import find_touched
from volunteers.shared.requests import SignedInRequest

PAGE_SIZE = 60


@permission_required("volunteers.view_user", raise_exception=True)
@require_safe
def list_people(request: SignedInRequest) -> HttpResponse:
    """The list of accounts with roles and holdings, invited people included."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    matches = User.objects.with_details(timezone.localdate()).search(words)
    page = Paginator(matches, PAGE_SIZE).get_page(request.GET.get("page"))
    worked = Hours.objects.worked(page.object_list, timezone.now())
    for somebody in page.object_list:
        somebody.worked = worked[somebody.pk]
    template = "volunteers/people/list.html"
    if request.headers.get("HX-Target") == "results":
        template += "#results"
    return render(request, template, {"form": form, "words": words, "page": page})


@permission_required("volunteers.view_user", raise_exception=True)
@require_safe
def show_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of one person."""
    return render_person(request, get_object_or_404(User, pk=pk))


@permission_required("volunteers.give_roles", raise_exception=True)
@require_POST
def set_roles(request: SignedInRequest, pk: int) -> HttpResponse:
    """Set a person's roles."""
    somebody = get_object_or_404(User, pk=pk)
    form = _build_roles_form(somebody, request.POST)
    if not form.is_valid():
        return render_person(request, somebody, status=422, roles_form=form)
    chosen = form.cleaned_data["roles"]
    return _run_for_person(request, somebody, partial(somebody.give_roles, chosen, by=request.user), _("Roles saved."))


@permission_required("volunteers.add_invitation", raise_exception=True)
@require_POST
def welcome_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make somebody who has done the School a volunteer; from Today, or from their own page."""
    somebody = get_object_or_404(User, pk=pk)
    words = _("%(name)s is a volunteer now, and can open the desk.") % {"name": somebody.chosen_name}
    verb = partial(somebody.welcome, by=request.user)
    if request.POST.get("from") == "today":
        return run_or_refuse(request, verb, success=words, then=redirect("hub:today"))
    return _run_for_person(request, somebody, verb, words)


@permission_required("volunteers.add_holding", raise_exception=True)
@require_POST
def grant_qualification(request: SignedInRequest, pk: int) -> HttpResponse:
    """Grant a qualification, with the reason."""
    somebody = get_object_or_404(User, pk=pk)
    form = HoldingForm(request.POST)
    if not form.is_valid():
        return render_person(request, somebody, status=422, holding_form=form)
    granting = partial(somebody.grant, by=request.user, **form.cleaned_data)
    return _run_for_person(request, somebody, granting, _("Saved: they have it now."), holding_form=form)


@permission_required("volunteers.change_holding", raise_exception=True)
@require_POST
def end_holding(request: SignedInRequest, pk: int, holding: int) -> HttpResponse:
    """End a holding from today."""
    held = get_object_or_404(Holding.objects.select_related("person"), pk=holding, person=pk)
    ending = partial(held.end, timezone.localdate(), by=request.user)
    return _run_for_person(request, held.person, ending, _("Ended from today."))


@permission_required("volunteers.pause_user", raise_exception=True)
@require_POST
def pause_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop somebody signing in, at once."""
    somebody = get_object_or_404(User, pk=pk)
    pausing = partial(somebody.pause, by=request.user)
    return _run_for_person(request, somebody, pausing, _("Paused. They are signed out everywhere."))


@permission_required("volunteers.pause_user", raise_exception=True)
@require_POST
def resume_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    somebody = get_object_or_404(User, pk=pk)
    return _run_for_person(request, somebody, partial(somebody.resume, by=request.user), _("They can sign in again."))


@permission_required("volunteers.reset_second_step", raise_exception=True)
@require_POST
def reset_second_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take away the second step somebody has lost."""
    somebody = get_object_or_404(User, pk=pk)
    resetting = partial(somebody.reset_second_step, by=request.user)
    return _run_for_person(
        request, somebody, resetting, _("Reset. They sign in without it once, then set up a new one.")
    )


def _run_for_person(
    request: SignedInRequest, somebody: User, verb: Callable[[], object], success: str, **forms: Any
) -> HttpResponse:
    """Run a verb and go back to the person's page; a refusal keeps the forms as they were filled in."""
    page = partial(render_person, request, somebody, **forms)
    return run_or_refuse(request, verb, success=success, page=page, then=redirect("volunteers:person", somebody.pk))


def _build_roles_form(somebody: User, data: QueryDict | None = None) -> RolesForm:
    return RolesForm(data, initial={"roles": list(somebody.role_names)})


def render_person(
    request: SignedInRequest,
    somebody: User,
    *,
    status: int = 200,
    refusal: NotAllowed | None = None,
    **forms: Any,
) -> HttpResponse:
    """The page of one person, with the forms this viewer may use, and the reasons for a refusal."""
    somebody = User.objects.with_rights().select_related("invitation").get(pk=somebody.pk)
    by, now = request.user, timezone.now()
    holdings = list(somebody.holdings.select_related("qualification", "granted_by").order_by("-until", "-since"))
    shifts, by_holding = find_touched_by_holding(somebody, holdings, now)
    for holding in holdings:
        holding.touched = by_holding[holding.pk]
    shown: dict[str, Any] = {
        "person": somebody,
        "holdings": holdings,
        "touched": shifts + find_touched(somebody, now, but=["shift"]),
        "today": timezone.localdate(),
        "reasons": refusal.reasons if refusal else [],
        "looks_after": by.may_look_after(somebody),
        "unwelcomed": not somebody.is_welcomed and somebody.is_active and somebody.holds(SCHOOL, timezone.localdate()),
        "worked": Hours.objects.worked([somebody], timezone.now())[somebody.pk],
        "quarters": somebody.hours.order_by("-quarter"),
    }
    if by.has_perm("volunteers.give_roles"):
        shown["roles_form"] = _build_roles_form(somebody)
    if by.has_perm("volunteers.add_holding"):
        shown["holding_form"] = HoldingForm()
    return render(request, "volunteers/people/detail.html", shown | forms, status=status)
