"""Pages of one shift: its page, its sheet for the lead, and what planners do with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteers.eligibility import WhyNot
from volunteers.forms.refusing import posted
from volunteers.forms.shifts import CancelShiftForm, ShiftForm
from volunteers.models import Offer, Post, Shift, Signup, losses
from volunteers.models.eligibility_queries import check_posts
from volunteers.shared.actions import ask_first, run_or_refuse
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.staffing import LEAD
from volunteers.views.telling import say_all_told

GET_OR_POST = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class PostOnPage:
    """A post with the people on it, and the reasons why this viewer cannot take it."""

    post: Post
    signups: list[Signup] = field(default_factory=list)
    why: list[WhyNot] | None = None

    @property
    def free(self) -> int:
        """Places left."""
        return max(0, self.post.maximum - self.counting)

    @property
    def needed(self) -> int:
        """The number of people it still needs at least."""
        return max(0, self.post.minimum - self.counting)

    @property
    def counting(self) -> int:
        """The number of people on it who count."""
        return sum(signup.counts for signup in self.signups)


@require_safe
def show_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of one shift, with as much as this person may know and do."""
    return render_shift(request, get_object_or_404(Shift.objects.visible_to(request.user), pk=pk).pk)


@require_safe
def show_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sheet to print for the lead: the people on the shift, their numbers on a sheet of its own."""
    shift = get_object_or_404(Shift.objects.visible_to(request.user).with_staffing(), pk=pk)
    if not may_run(request, shift):
        raise PermissionDenied
    return render(request, "volunteers/shifts/sheet.html", {"shift": shift, "posts": list_posts(shift)})


@require_http_methods(GET_OR_POST)
@permission_required("volunteers.plan_rota", raise_exception=True)
def create_shift(request: SignedInRequest) -> HttpResponse:
    """Make a shift outside any pattern."""
    form = ShiftForm(posted(request))
    if form.is_valid():
        try:
            shift = Shift.objects.plan(by=request.user, **form.values())
        except NotAllowed as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It is a draft. Publish it when it is right."))
            return redirect(shift)
    return render(request, "volunteers/shifts/form.html", {"form": form}, status=form.status)


@require_safe
@permission_required("volunteers.plan_rota", raise_exception=True)
def copy_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form of a new shift, filled in like this one, for the same day of the next week. Nothing is made yet."""
    form = ShiftForm(like=get_object_or_404(Shift, pk=pk))
    shown = {"form": form, "action": reverse("rota:shift-new")}
    return render(request, "volunteers/shifts/form.html", shown)


@require_http_methods(GET_OR_POST)
@permission_required("volunteers.plan_rota", raise_exception=True)
def edit_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change times, place and posts; people on the shift are told of new times."""
    shift = get_object_or_404(Shift, pk=pk)
    form = ShiftForm(posted(request), shift=shift)
    if form.is_valid():
        try:
            followed = shift.change(by=request.user, **form.values())
        except NotAllowed as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, " ".join([_("Saved."), *followed]))
            return redirect(shift)
    shown = {"form": form, "shift": Shift.objects.get(pk=pk)}
    return render(request, "volunteers/shifts/form.html", shown, status=form.status)


@require_http_methods(GET_OR_POST)
def cancel_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel a shift, with the reason people are told."""
    shift = get_object_or_404(Shift.objects.visible_to(request.user), pk=pk)
    if not may_run(request, shift):
        raise PermissionDenied
    form = CancelShiftForm(posted(request))
    if form.is_valid():
        try:
            people = shift.cancel(form.cleaned_data["reason"], by=request.user)
        except NotAllowed as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, say_all_told(_("Cancelled."), people))
            return redirect(shift)
    template = "volunteers/shifts/cancel.html" + ("#inside" if request.htmx else "")  # type: ignore[attr-defined]
    shown = {"form": form, "shift": Shift.objects.get(pk=pk), "people": shift.people().count()}
    return render(request, template, shown, status=form.status)


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def publish_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let everybody see one shift."""
    shift = get_object_or_404(Shift, pk=pk)
    question = ask_first(
        request,
        losses.list_empty_places(Shift.objects.filter(pk=pk)),
        title=_("Publish it with empty places?"),
        label=_("Publish this shift"),
        back=shift.get_absolute_url(),
        instead=_("We tell people at once. Everybody who may take a place sees it then."),
    )
    if question is not None:
        return question
    return run_for_shift(request, shift, lambda: shift.publish(by=request.user), _("Published."))


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def restore_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a cancelled shift back."""
    shift = get_object_or_404(Shift, pk=pk)
    return run_for_shift(request, shift, lambda: shift.restore(by=request.user), _("It is back. Nobody is on it yet."))


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def delete_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    shift = get_object_or_404(Shift, pk=pk)
    day = shift.day
    question = ask_first(
        request,
        losses.lose_by_deleting(shift),
        title=_("Delete this draft?"),
        label=_("Delete the draft"),
        back=shift.get_absolute_url(),
    )
    if question is not None:
        return question
    try:
        shift.discard(by=request.user)
    except NotAllowed as refusal:
        return render_shift(request, pk, status=409, refusal=refusal)
    messages.success(request, _("Deleted."))
    return redirect("rota:week-of", day=day)


def run_for_shift(request: SignedInRequest, shift: Shift, verb: Callable[[], object], success: str) -> HttpResponse:
    """Run a verb and go back to the shift's page; a refusal shows it with the reasons."""
    page = partial(render_shift, request, shift.pk)
    return run_or_refuse(request, verb, success=success, page=page, then=redirect(shift))


def may_run(request: SignedInRequest, shift: Shift) -> bool:
    """Whether this person plans the rota, or leads this shift now."""
    return request.user.has_perm("volunteers.plan_rota") or shift.is_led_by(request.user, timezone.now())


def list_posts(shift: Shift, choices: dict[int, list[WhyNot]] | None = None) -> list[PostOnPage]:
    """The posts of a shift with their people; and, where given, the reasons against taking one."""
    return [
        PostOnPage(post, [signup for signup in shift.on_it if signup.post_id == post.pk], (choices or {}).get(post.pk))
        for post in shift.all_posts
    ]


def render_shift(
    request: SignedInRequest, pk: int, *, status: int = 200, refusal: NotAllowed | None = None
) -> HttpResponse:
    """The page of one shift, with the reasons for a refusal."""
    now = timezone.now()
    shift = Shift.objects.with_staffing().select_related("pattern").get(pk=pk)
    person = request.user
    mine = next((signup for signup in shift.on_it if signup.person_id == person.pk), None)
    leads = mine is not None and shift.is_on(now) and LEAD in mine.person.held_on(shift.day)
    runs = person.has_perm("volunteers.plan_rota") or leads
    shown = {
        "shift": shift,
        "mine": mine,
        "posts": list_posts(shift, check_posts(person, [shift])),
        "runs": runs,
        "sees": person.sees_people(timezone.localdate(now)),
        "is_on": shift.is_on(now),
        "is_over": shift.ends_at <= now,
        "has_started": shift.starts_at <= now,
        "away": _find_absent(shift) if runs and shift.starts_at <= now else [],
        "offers": Offer.objects.open(now)
        .for_person(person)
        .filter(post__shift=shift)
        .exclude(covers=None, to=None)
        .with_shifts()
        if mine is None
        else [],
        "reasons": refusal.reasons if refusal else [],
    }
    return render(request, "volunteers/shifts/detail.html", shown, status=status)


def _find_absent(shift: Shift) -> list[Signup]:
    """The people who were on the shift and did not come."""
    away = shift.signups.filter(state=Signup.State.NOT_THERE).select_related("person", "post")
    return list(away.order_by("person__chosen_name__sorted"))
