"""Pages of patterns: previewing, making and deleting batches of shifts, and bringing shifts in line."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteers.forms.patterns import MakeForm, PatternForm, RealignForm, in_words
from volunteers.forms.refusing import posted
from volunteers.forms.rota import DayRangeForm
from volunteers.models import Batch, Pattern, losses
from volunteers.shared.actions import ask_first
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.shifts import GET_OR_POST


@require_safe
@permission_required("volunteers.plan_rota", raise_exception=True)
def list_patterns(request: SignedInRequest) -> HttpResponse:
    """The list of patterns."""
    all_patterns = Pattern.objects.prefetch_related("posts")
    shown = {"patterns": [(pattern, in_words(pattern.rule)) for pattern in all_patterns]}
    return render(request, "volunteers/patterns/list.html", shown)


@require_http_methods(GET_OR_POST)
@permission_required("volunteers.plan_rota", raise_exception=True)
def create_pattern(request: SignedInRequest) -> HttpResponse:
    """Make a pattern; it makes no shift by itself."""
    form = PatternForm(posted(request), initial={"rhythm": "1", "first_day": timezone.localdate()})
    if form.is_valid():
        try:
            pattern = Pattern.objects.plan(by=request.user, **form.values())
        except NotAllowed as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. Now make shifts from it."))
            return redirect(pattern)
    return render(request, "volunteers/patterns/form.html", {"form": form}, status=form.status)


@require_http_methods(GET_OR_POST)
@permission_required("volunteers.plan_rota", raise_exception=True)
def edit_pattern(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the pattern, and no shift: its page then lists the shifts that differ."""
    pattern = get_object_or_404(Pattern, pk=pk)
    form = PatternForm(posted(request), pattern=pattern)
    if form.is_valid():
        try:
            pattern.change(by=request.user, **form.values())
        except NotAllowed as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. No shift has changed."))
            return redirect(pattern)
    shown = {"form": form, "pattern": Pattern.objects.get(pk=pk)}
    return render(request, "volunteers/patterns/form.html", shown, status=form.status)


@require_safe
@permission_required("volunteers.plan_rota", raise_exception=True)
def show_pattern(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of one pattern."""
    return render_pattern(request, get_object_or_404(Pattern, pk=pk))


@require_safe
@permission_required("volunteers.plan_rota", raise_exception=True)
def preview_pattern(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show, day by day, the shifts that would be made. Nothing is made."""
    pattern = get_object_or_404(Pattern, pk=pk)
    form = DayRangeForm(request.GET)
    if not form.is_valid():
        return render_pattern(request, pattern, status=422, period=form)
    return _render_preview(request, pattern, form)


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def make_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the shifts of the days that were previewed."""
    pattern = get_object_or_404(Pattern, pk=pk)
    form = MakeForm(request.POST)
    if not form.is_valid():
        return render_pattern(request, pattern, status=422, period=form)
    try:
        batch = pattern.make(by=request.user, **form.values())
    except NotAllowed as refusal:
        form.refuse(refusal)
        return _render_preview(request, get_object_or_404(Pattern, pk=pk), form, status=409)
    number = batch.shifts.count()
    words = ngettext("%(n)d draft made.", "%(n)d drafts made.", number) % {"n": number}
    messages.success(request, words)
    return redirect(pattern)


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def take_back_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a batch of shifts, as long as nobody is on one."""
    batch = get_object_or_404(Batch.objects.select_related("pattern"), pk=pk)
    question = ask_first(
        request,
        losses.lose_by_taking_back(batch),
        title=_("Take back all of these shifts?"),
        label=_("Delete these shifts"),
        back=batch.pattern.get_absolute_url(),
        instead=_("To keep shifts you changed by hand, delete the other drafts on their own pages."),
    )
    if question is not None:
        return question
    try:
        number = batch.take_back(by=request.user)
    except NotAllowed as refusal:
        return render_pattern(request, batch.pattern, status=409, refusal=refusal)
    messages.success(request, ngettext("%(n)d shift deleted.", "%(n)d shifts deleted.", number) % {"n": number})
    return redirect(batch.pattern)


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def bring_shifts_in_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the ticked shifts to match the pattern."""
    pattern = get_object_or_404(Pattern, pk=pk)
    form = RealignForm(request.POST, pattern=pattern)
    if not form.is_valid():
        refusal = NotAllowed(_("Choose from the list. It may have changed."))
        return render_pattern(request, pattern, status=422, refusal=refusal)
    chosen = {shift.pk for shift in form.cleaned_data["shift"]}
    try:
        number = pattern.bring_in_line(chosen, by=request.user)
    except NotAllowed as refusal:
        return render_pattern(request, pattern, status=409, refusal=refusal)
    messages.success(request, ngettext("%(n)d shift changed.", "%(n)d shifts changed.", number) % {"n": number})
    return redirect(pattern)


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def delete_pattern(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete the pattern; shifts made from it stay as they are."""
    pattern = get_object_or_404(Pattern, pk=pk)
    question = ask_first(
        request,
        losses.lose_with_pattern(pattern),
        title=_("Delete this pattern?"),
        label=_("Delete the pattern"),
        back=pattern.get_absolute_url(),
    )
    if question is not None:
        return question
    pattern.discard(by=request.user)
    messages.success(request, _("Deleted. The shifts it made are still there."))
    return redirect("rota:patterns")


def render_pattern(
    request: SignedInRequest,
    pattern: Pattern,
    *,
    status: int = 200,
    period: DayRangeForm | None = None,
    refusal: NotAllowed | None = None,
) -> HttpResponse:
    """The page of one pattern; the form suggests a month from the end of the last batch."""
    now = timezone.now()
    shown = {
        "pattern": pattern,
        "words": in_words(pattern.rule),
        "posts": pattern.posts.select_related("needs"),
        "period": period or DayRangeForm(initial=_next_stretch(pattern, timezone.localdate(now))),
        "batches": pattern.batches.with_numbers(),
        "differences": pattern.differences(now),
        "reasons": refusal.reasons if refusal else [],
    }
    return render(request, "volunteers/patterns/detail.html", shown, status=status)


def _render_preview(
    request: SignedInRequest, pattern: Pattern, form: DayRangeForm, *, status: int = 200
) -> HttpResponse:
    """Each day between two, with what was ticked; or the pattern's page, where there are too many."""
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    try:
        days = pattern.preview(first, last)
    except NotAllowed as refusal:
        if not form.refused:
            form.refuse(refusal)
        return render_pattern(request, pattern, status=409, period=form)
    shown = {
        "pattern": pattern,
        "days": days,
        "number": sum(day.is_new for day in days),
        "meeting": sum(bool(day.meets) for day in days),
        "lacking": pattern.lacking_months(first, last),
        "ticked": form.cleaned_data.get("beside", []),
        "unticked": form.unticked if isinstance(form, MakeForm) else (),
        "form": form,
    }
    return render(request, "volunteers/patterns/preview.html", shown, status=status)


def _next_stretch(pattern: Pattern, today: dt.date) -> dict[str, dt.date]:
    last = pattern.shifts.order_by("-pattern_day").values_list("pattern_day", flat=True).first()
    first = max(pattern.first_day, today, last + dt.timedelta(days=1) if last else today)
    return {"first": first, "last": first + relativedelta(months=1) - dt.timedelta(days=1)}
