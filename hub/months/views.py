"""Months as coordinators see them: true figures, what is missing, putting right, and saying that one is complete."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
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
from hub.logs.views.base import LOGS
from hub.months.forms import SealForm, TakeOutForm, TotalsForm
from hub.months.log_tables import table_of
from hub.months.models import Month
from hub.months.totals import lines_of
from supplies.models import CompletedMonth
from volunteers.shared.refusals import NotAllowed

completers_only = permission_required("hub.complete_month", raise_exception=True)


@completers_only
@require_GET
def months(request: HttpRequest) -> HttpResponse:
    """Every month, and whether it is complete."""
    sealed = {*CompletedMonth.objects.values_list("month", flat=True)}
    missing = dict(
        Opening.objects.annotate(first=TruncMonth("date"))
        .values_list("first")
        .annotate(n=Count("pk", filter=Q(state=Opening.State.NOT_RECORDED)))
        .order_by()
    )
    rows = [(month, month.first in sealed, missing.get(month.first, 0)) for month in Month.known()]
    return render(request, "hub/months/list.html", {"months": rows})


@completers_only
@require_GET
def month(request: HttpRequest, first: dt.date) -> HttpResponse:
    """One month: its evenings, its totals, its logs, and the way to complete it."""
    return _page(request, _month(first))


@completers_only
@require_POST
def seal(request: HttpRequest, first: dt.date) -> HttpResponse:
    """Say that it is complete."""
    found = _month(first)
    form = SealForm(found.unrecorded.count(), request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        found.seal(seen_unrecorded=form.cleaned_data["seen"])
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return _page(request, found, status=409)
    messages.success(request, _("Complete. What comes later is a correction."))
    return redirect("hub:month", first)


@completers_only
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, first: dt.date) -> HttpResponse:
    """Put its totals right. The shelf follows what went out."""
    found = _month(first)
    form = TotalsForm(lines_of(found.first), request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = Tally.objects.correct(found.first, form.changes())
            except (NotAllowed, ValidationError) as refused:
                form.add_error(None, refused.messages if isinstance(refused, ValidationError) else refused.reasons)
                status = 409
            else:
                messages.success(request, _("Put right.") if changed else _("Nothing was different."))
                return redirect("hub:month", first)
    return render(request, "hub/months/correct.html", {"month": found, "form": form}, status=status)


@completers_only
@require_GET
def log(request: HttpRequest, first: dt.date, name: str) -> HttpResponse:
    """What one log holds for a month, rows alike counted together, and the way to take one out."""
    found, written = _month(first), _log(name)
    context = {
        "month": found,
        "log": written,
        "title": written.title,
        "table": table_of(name, written.model.objects.month(found.first)),
        "needs": written.model.objects.month(found.first).needs() if written.model is Incident else [],
        "sealed": found.is_sealed,
    }
    return render(request, "hub/months/log.html", context)


@completers_only
@require_POST
def take_out(request: HttpRequest, first: dt.date, name: str) -> HttpResponse:
    """One row was a mistake."""
    found, written = _month(first), _log(name)
    form = TakeOutForm(request.POST)
    row = form.cleaned_data["row"] if form.is_valid() else None
    if (
        row
        and written.model.objects.month(found.first).filter(pk=row).exists()
        and written.model.objects.take_out([row])
    ):
        messages.success(request, _("Taken out."))
    else:
        messages.info(request, _("That was taken out already."))
    return redirect("hub:month-log", first, name)


def _month(first: dt.date) -> Month:
    found = Month(first)
    if found not in Month.known():
        raise Http404
    return found


def _log(name: str) -> Any:
    if name not in LOGS:
        raise Http404
    return LOGS[name]


def _page(request: HttpRequest, found: Month, form: SealForm | None = None, status: int = 200) -> HttpResponse:
    evenings = list(found.openings.order_by("date", "place"))
    missing = [evening for evening in evenings if evening.state == Opening.State.NOT_RECORDED]
    lines = lines_of(found.first)
    context = {
        "month": found,
        "is_sealed": found.is_sealed,
        "form": form or SealForm(len(missing)),
        "missing": missing,
        "still_to_write": timezone.localdate() - dt.timedelta(days=LATE_DAYS),
        "states": [
            (label, n)
            for value, label in Opening.State.choices
            if (n := sum(evening.state == value for evening in evenings))
        ],
        "came": [line for line in lines if line.measure not in (Measure.GIVEN, Measure.SAID)],
        "said": [(line.label, line.value) for line in lines if line.measure == Measure.SAID],
        "given": [(line.label, line.value) for line in lines if line.measure == Measure.GIVEN],
        "naloxone": NaloxoneGiven.objects.month(found.first).kits_by_product(),
        "reversals": Reversal.objects.month(found.first).count(),
        "strips": StripResult.objects.month(found.first).count(),
        "incidents": Incident.objects.month(found.first).count(),
    }
    return render(request, "hub/months/detail.html", context, status=status)
