"""Pages of the months: their true figures, what is missing, correcting them, and completing one."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.core.periods import LATE_DAYS
from hub.desk.models.openings import Opening
from hub.desk.models.tallies import Measure, Tally
from hub.logs.models.incidents import Incident
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import StripResult
from hub.logs.views.base import LOGS, Log
from hub.months.forms import CompleteMonthForm, TakeOutRowForm, TotalsForm
from hub.months.log_tables import build_table
from hub.months.models import Month
from hub.months.totals import build_totals
from supplies.models import CompletedMonth
from volunteers.shared.refusals import NotAllowed

completers_only = permission_required("hub.complete_month", raise_exception=True)


@completers_only
@require_GET
def list_months(request: HttpRequest) -> HttpResponse:
    """List every month, and whether it is complete."""
    completed = {*CompletedMonth.objects.values_list("month", flat=True)}
    missing: dict[dt.date, list[Opening]] = {}
    for opening in Opening.objects.filter(state=Opening.State.NOT_RECORDED).order_by("date", "place"):
        missing.setdefault(opening.month, []).append(opening)
    rows = [(month, month.first in completed, missing.get(month.first, [])) for month in Month.list_known()]
    return render(request, "hub/months/list.html", {"months": rows, "still_to_write": _get_first_day_of_sheets()})


@completers_only
@require_GET
def show_month(request: HttpRequest, first: dt.date) -> HttpResponse:
    """Show one month: its evenings, totals and logs, and the way to complete it."""
    return _render_month(request, _get_month_or_404(first))


@completers_only
@require_POST
def complete_month(request: HttpRequest, first: dt.date) -> HttpResponse:
    """Complete it."""
    month = _get_month_or_404(first)
    form = CompleteMonthForm(month.unrecorded.count(), request.POST)
    if not form.is_valid():
        return _render_month(request, month, form, status=422)
    try:
        month.complete_month(seen_unrecorded=form.cleaned_data["seen"])
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return _render_month(request, month, status=409)
    messages.success(request, _("The month is complete. Later changes are corrections."))
    return redirect("hub:month", first)


@completers_only
@require_http_methods(["GET", "HEAD", "POST"])
def correct_totals(request: HttpRequest, first: dt.date) -> HttpResponse:
    """Correct its totals. The stock changes with what was given out."""
    month = _get_month_or_404(first)
    form = TotalsForm(build_totals(month.first), request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = Tally.objects.correct(month.first, form.changes())
            except (NotAllowed, ValidationError) as refused:
                form.add_error(None, refused.messages if isinstance(refused, ValidationError) else refused.reasons)
                status = 409
            else:
                messages.success(request, _("Corrected.") if changed else _("You changed nothing."))
                return redirect("hub:month", first)
    return render(request, "hub/months/correct.html", {"month": month, "form": form}, status=status)


@completers_only
@require_GET
def show_log(request: HttpRequest, first: dt.date, name: str) -> HttpResponse:
    """Show one log of a month as a table, with the way to take a row out."""
    month, log_ = _get_month_or_404(first), _get_log_or_404(name)
    rows = log_.model.objects.month(month.first)
    context = {
        "month": month,
        "log": log_,
        "title": log_.title,
        "table": build_table(name, rows),
        "needs": rows.count_needs() if log_.model is Incident else [],
        "is_complete": month.is_complete,
    }
    return render(request, "hub/months/log.html", context)


@completers_only
@require_POST
def take_out_row(request: HttpRequest, first: dt.date, name: str) -> HttpResponse:
    """Take out one row that was a mistake."""
    month, log_ = _get_month_or_404(first), _get_log_or_404(name)
    form = TakeOutRowForm(request.POST)
    row = form.cleaned_data["row"] if form.is_valid() else None
    exists = row and log_.model.objects.month(month.first).filter(pk=row).exists()
    if exists and log_.model.objects.take_out([row]):
        messages.success(request, _("Removed."))
    else:
        messages.info(request, _("That is already removed."))
    return redirect("hub:month-log", first, name)


def _get_first_day_of_sheets() -> dt.date:
    """The first day whose evening can still be typed in from paper."""
    return timezone.localdate() - dt.timedelta(days=LATE_DAYS)


def _get_month_or_404(first: dt.date) -> Month:
    month = Month(first)
    if month not in Month.list_known():
        raise Http404
    return month


def _get_log_or_404(name: str) -> Log:
    if name not in LOGS:
        raise Http404
    return LOGS[name]


def _render_month(
    request: HttpRequest, month: Month, form: CompleteMonthForm | None = None, status: int = 200
) -> HttpResponse:
    openings = list(month.openings.order_by("date", "place"))
    missing = [opening for opening in openings if opening.state == Opening.State.NOT_RECORDED]
    totals = build_totals(month.first)
    context = {
        "month": month,
        "is_complete": month.is_complete,
        "form": form or CompleteMonthForm(len(missing)),
        "missing": missing,
        "still_to_write": _get_first_day_of_sheets(),
        "states": [
            (label, n)
            for value, label in Opening.State.choices
            if (n := sum(opening.state == value for opening in openings))
        ],
        "came": [total for total in totals if total.measure not in (Measure.GIVEN, Measure.ANSWERS)],
        "answers": [(total.label, total.value) for total in totals if total.measure == Measure.ANSWERS],
        "given": [(total.label, total.value) for total in totals if total.measure == Measure.GIVEN],
        "naloxone": NaloxoneGiven.objects.month(month.first).count_kits_by_product(),
        "reversals": Reversal.objects.month(month.first).count(),
        "strips": StripResult.objects.month(month.first).count(),
        "incidents": Incident.objects.month(month.first).count(),
    }
    return render(request, "hub/months/detail.html", context, status=status)
