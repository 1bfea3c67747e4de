"""Pages of counts: a store is counted shelf by shelf, over any number of sittings, then checked and applied."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies.forms.counts import ApplyForm, OtherLotForm, ShelfForm, StartCountForm
from supplies.forms.items import name_of
from supplies.forms.refusals import run_if_valid
from supplies.models import Category, Count, CountLine, Item, Lot
from supplies.models.counts import ItemLot
from supplies.requests import AuthenticatedRequest
from supplies.views.refusals import run_or_refuse

PAGE_SIZE = 20


@permission_required("supplies.count_stock", raise_exception=True)
@require_safe
def counts(request: AuthenticatedRequest) -> HttpResponse:
    """The counts that are going on, and the ended ones."""
    over = Count.objects.exclude(state=Count.State.GOING_ON).select_related("store", "ended_by")
    shown = {
        "going_on": Count.objects.going_on().select_related("store", "started_by").order_by("store"),
        "page": Paginator(over, PAGE_SIZE).get_page(request.GET.get("page")),
        "start": StartCountForm(),
    }
    return render(request, "supplies/counts/list.html", shown)


@permission_required("supplies.count_stock", raise_exception=True)
@require_POST
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Start to count a store, or go on with its count."""
    form = StartCountForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the place to count."))
        return redirect("supplies:counts")
    return redirect("supplies:count", Count.objects.start(form.cleaned_data["store"], by=request.user).pk)


@permission_required("supplies.count_stock", raise_exception=True)
@require_safe
def count(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One count: the progress of each shelf, and the differences from the books."""
    return count_page(request, _get(pk))


@permission_required("supplies.count_stock", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def shelf(request: AuthenticatedRequest, pk: int, slug: str) -> HttpResponse:
    """One shelf of a count: a box for each lot. Saved numbers stay, also when another person goes on."""
    count = _get(pk)
    if not count.is_going_on:
        return count_page(request, count, status=409, reasons=[_("This count is over. Start a new one.")])
    category = get_object_or_404(Category, slug=slug)
    places = count.list_places(category.pk)
    lines = {ItemLot(line.item_id, line.lot_id): line for line in _lines(count, category)}
    every = [place for of in places.values() for place in of]
    form = ShelfForm(every, lines, request.POST if request.method == "POST" else None)
    if run_if_valid(form, lambda: count.record(form.quantities, by=request.user)):
        messages.success(request, _("Saved. You can continue later."))
        return redirect("supplies:count", pk)
    shown = {"count": count, "category": category, "form": form, "other": OtherLotForm(list_of(places))}
    return render(
        request,
        "supplies/counts/shelf.html",
        shown | {"items": _list_boxes(places, lines, form)},
        status=422 if form.is_bound else 200,
    )


@permission_required("supplies.count_stock", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def other(request: AuthenticatedRequest, pk: int, slug: str) -> HttpResponse:
    """Add a lot of this shelf that is missing from the list."""
    count, category = _get(pk), get_object_or_404(Category, slug=slug)
    items = Item.objects.filter(category=category).exclude(kind=Item.Kind.BUNDLE)
    form = OtherLotForm(items, request.POST if request.method == "POST" else None)
    if run_if_valid(form, lambda: count.record_other(**form.cleaned_data, by=request.user)):
        messages.success(request, _("Saved, and on the list."))
        return redirect("supplies:count-shelf", pk, slug)
    shown = {"count": count, "category": category, "form": form}
    return render(request, "supplies/counts/other.html", shown, status=422 if form.is_bound else 200)


@permission_required("supplies.count_stock", raise_exception=True)
@require_safe
def sheet(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The count on paper: every shelf with a line to write on."""
    count = _get(pk)
    places = count.list_places()
    lots = Lot.objects.in_bulk([place.lot_id for of in places.values() for place in of if place.lot_id])
    rows = [
        (item, name_of(lots.get(place.lot_id or 0)) if place.lot_id or len(of) > 1 else "")
        for item, of in places.items()
        for place in of
    ]
    return render(request, "supplies/counts/sheet.html", {"count": count, "rows": rows})


@permission_required("supplies.count_stock", raise_exception=True)
@require_POST
def apply(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write the differences into the ledger, once."""
    count, form = _get(pk), ApplyForm(request.POST)
    if form.is_valid():
        was_over = not count.is_going_on
        try:
            differed = count.apply(by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "same_person":
                form.add_error("reason", refusal)
                return count_page(request, count, status=422, form=form)
            return count_page(request, count, status=409, reasons=refusal.messages)
        applied = ngettext("Applied: %(n)d place corrected.", "Applied: %(n)d places corrected.", differed)
        if was_over:
            messages.warning(request, _("Somebody was faster: it was already applied, and counted once."))
        else:
            messages.success(request, applied % {"n": differed})
        return redirect("supplies:count", pk)
    return count_page(request, count, status=422, form=form)


@permission_required("supplies.count_stock", raise_exception=True)
@require_POST
def give_up(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Delete the numbers counted."""
    count = _get(pk)
    return run_or_refuse(
        request,
        partial(count.give_up, by=request.user),
        success=_("Cancelled. The stock records have not changed."),
        page=partial(count_page, request, count),
        then=redirect("supplies:counts"),
    )


def count_page(
    request: AuthenticatedRequest,
    count: Count,
    *,
    status: int = 200,
    reasons: list[str] | None = None,
    form: ApplyForm | None = None,
) -> HttpResponse:
    """The page of one count as it is now, with the reasons of a refusal."""
    shown: dict[str, Any] = {"count": count, "reasons": reasons or [], "form": form or ApplyForm()}
    if count.is_going_on:
        lines = _lines(count)
        saved = {ItemLot(line.item_id, line.lot_id) for line in lines}
        shown |= {
            "shelves": _count_progress(count.list_places(), saved),
            "lines": lines,
            "differences": [line for line in lines if line.difference],
            "mine": any(line.by_id == request.user.pk for line in lines),
        }
    return render(request, "supplies/counts/detail.html", shown, status=status)


def list_of(places: dict[Item, list[ItemLot]]) -> list[tuple[str, str]]:
    """The items as choices."""
    return [(str(item.pk), item.name) for item in places]


def _count_progress(places: dict[Item, list[ItemLot]], saved: set[ItemLot]) -> list[tuple[Category, int, int]]:
    """(Category, places saved, places in all), in the order of the shelf."""
    done: dict[Category, list[int]] = {}
    for item, of in places.items():
        so_far = done.setdefault(item.category, [0, 0])
        so_far[0] += len(saved.intersection(of))
        so_far[1] += len(of)
    return [(category, n, whole) for category, (n, whole) in done.items()]


def _list_boxes(
    places: dict[Item, list[ItemLot]], lines: dict[ItemLot, CountLine], form: ShelfForm
) -> list[tuple[Item, list[tuple[str, Any, CountLine | None]]]]:
    """(Item, its boxes: name of the lot, bound field, saved line)."""
    lots = Lot.objects.in_bulk([place.lot_id for of in places.values() for place in of if place.lot_id])
    boxes = []
    for item, of in places.items():
        mine = []
        for place in of:
            known = lots.get(place.lot_id or 0)
            name = name_of(known) if known or len(of) > 1 else ""
            mine.append((name, form[form.name_of(place)], lines.get(place)))
        boxes.append((item, mine))
    return boxes


def _lines(count: Count, category: Category | None = None) -> list[CountLine]:
    lines = count.lines.select_related("item", "lot", "by").order_by(
        "item__name__sorted", "lot__expires_on", "lot", "pk"
    )
    return list(lines.filter(item__category=category) if category else lines)


def _get(pk: int) -> Count:
    return get_object_or_404(Count.objects.select_related("store", "started_by", "ended_by"), pk=pk)
