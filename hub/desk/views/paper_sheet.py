"""Pages for paper sheets: a sheet to print, and the form to type it in."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.core import periods
from hub.desk.access import desk_access_required, get_device
from hub.desk.exceptions import DeskClosed
from hub.desk.forms.paper_sheet import EveningForm, SheetForm
from hub.desk.models.opening_queryset import OpeningQuerySet
from hub.desk.models.openings import Opening
from hub.desk.models.visits import SeenVisit
from supplies.models import Item


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_evening(request: HttpRequest) -> HttpResponse:
    """Choose the evening of the sheet: one we know, or another."""
    form = EveningForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            opening = Opening.objects.get_for_evening(form.cleaned_data["evening"])
            opening.check_not_too_old()
        except DeskClosed as refused:
            form.add_error("evening", str(refused))
        else:
            return redirect("hub:catch-up-evening", opening.pk)
    context = {"form": form, "openings": _get_recent_openings(request)}
    return render(request, "hub/desk/paper_sheet/openings.html", context, status=status)


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Type in the sheet of one evening. Logged visits stand beside it, and are never mixed with it unasked."""
    opening = get_object_or_404(_get_recent_openings(request), pk=pk)
    if SeenVisit.objects.knows(request.POST.get("id", "")):
        messages.info(request, _("That sheet is already added."))
        return redirect("hub:catch-up")
    totals = opening.totals()
    form = SheetForm(_get_items(), totals, request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if form.adds_nothing:
            messages.info(request, _("Nothing was added: these visits were already logged."))
            return redirect("hub:catch-up")
        try:
            form.build_sheet().add_to(opening)
        except (DeskClosed, ValidationError) as refused:
            form.add_error(None, refused.messages if isinstance(refused, ValidationError) else str(refused))
            status = 409
        else:
            messages.success(request, _("The sheet is added. Shred the paper now."))
            return redirect("hub:catch-up")
    context = {"form": form, "opening": opening, "totals": totals}
    return render(request, "hub/desk/paper_sheet/sheet_form.html", context, status=status)


@desk_access_required
@require_safe
def print_sheet(request: HttpRequest) -> HttpResponse:
    """A sheet to print: strokes for visits, people and each thing."""
    return render(request, "hub/desk/paper_sheet/sheet.html", {"items": _get_items()})


def _get_recent_openings(request: HttpRequest) -> OpeningQuerySet:
    """Openings whose totals can still change by themselves; a device sees its own."""
    since = timezone.localdate() - dt.timedelta(days=periods.LATE_DAYS)
    openings = Opening.objects.filter(date__gte=since).exclude(state=Opening.State.CANCELLED)
    device = get_device(request)
    return openings.filter(pk=device.opening_id) if device else openings


def _get_items() -> list[Item]:
    """Items that can be given out on a visit: those with a tile first, in the order of the tiles."""
    items = Item.objects.for_visits().stocked().order_by("name__sorted")
    return sorted(items, key=lambda item: (item.desk_order is None, item.desk_order or 0))
