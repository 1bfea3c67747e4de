"""Lots: which are here, which are running out of time, and which must not be used."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies.forms.lots import ASIDE, OLD, PAST, LotFilter, RecallForm
from supplies.models import Lot, Recall, Store
from supplies.models.ledger import standing
from supplies.models.lots import LotQuerySet
from supplies.models.recalls import affected, went_out
from supplies.models.watch import SOON
from supplies.requests import SignedInRequest

A_PAGE = 60


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def lots(request: SignedInRequest) -> HttpResponse:
    """Lots that are here, first to expire first; by number, by item, by how they stand."""
    form = LotFilter(request.GET)
    fits = form.is_valid()
    words, show = form.cleaned_data.get("words", ""), form.cleaned_data.get("show", "")
    # A lot that is named is found even if none of it is left: that is what a recall asks about.
    found = Lot.objects.named(words).with_on_hand() if words and not show else Lot.objects.named(words).in_stock()
    found = _showing(found, show).select_related("item", "item__leaflet").first_expiring_first()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {"form": form, "page": page, "looking": form.has_changed(), "today": today, "soon": today + SOON}
    template = "supplies/lots/list.html" + ("#found" if request.headers.get("HX-Target") == "found" else "")
    return render(request, template, context, status=200 if fits else 422)


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def lot(request: SignedInRequest, pk: int) -> HttpResponse:
    """One lot: where it is, in which months it went out, and what to do when it must not be used."""
    return lot_page(request, pk)


@permission_required("supplies.set_aside_lot", raise_exception=True)
@require_POST
def set_aside(request: SignedInRequest, pk: int) -> HttpResponse:
    """From now on none of it goes out. Anybody at the desk may: a doubt is enough."""
    get_object_or_404(Lot, pk=pk).set_aside()
    messages.success(request, _("Set aside. None of it is given out until somebody says so."))
    return redirect("supplies:lot", pk)


@permission_required("supplies.recall_lot", raise_exception=True)
@require_POST
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    """It may go out again."""
    found = get_object_or_404(Lot, pk=pk)
    try:
        found.release()
    except ValidationError as refusal:
        return lot_page(request, pk, status=409, reasons=refusal.messages)
    messages.success(request, _("It may go out again."))
    return redirect("supplies:lot", pk)


@permission_required("supplies.recall_lot", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pull a lot off every shelf in one step, after seeing what that takes with it."""
    found = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    form = RecallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        Recall.objects.pull(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Pulled. Take it off the shelves, and hang up the notice."))
        return redirect("supplies:lot", pk)
    shown = {"form": form, "lot": found, **_where(found)}
    return render(request, "supplies/lots/recall.html", shown, status=422 if form.is_bound else 200)


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sheet for the wall about a recalled lot."""
    found = get_object_or_404(Recall.objects.live().select_related("lot__item"), lot=pk)
    return render(request, "supplies/lots/notice.html", {"recall": found, "lots": affected(found.lot)})


@permission_required("supplies.recall_lot", raise_exception=True)
@require_POST
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """The recall was a mistake: everything is back on its shelf."""
    found = get_object_or_404(Recall, pk=pk)
    found.undo(by=request.user)
    messages.success(request, _("The recall is taken back. Put everything on its shelf again."))
    return redirect("supplies:lot", found.lot_id)


def lot_page(request: SignedInRequest, pk: int, *, status: int = 200, reasons: list[str] | None = None) -> HttpResponse:
    """The page of one lot as it is now."""
    found = get_object_or_404(Lot.objects.with_on_hand().select_related("item", "item__leaflet"), pk=pk)
    recalls = list(found.recalls.select_related("by").order_by("-made_on", "-pk"))
    today = timezone.localdate()
    shown = {
        "lot": found,
        **_where(found),
        "recalls": recalls,
        "live": next((one for one in recalls if one.ended_on is None), None),
        "today": today,
        "soon": today + SOON,
        "reasons": reasons or [],
    }
    return render(request, "supplies/lots/detail.html", shown, status=status)


def _showing(found: LotQuerySet, show: str) -> LotQuerySet:
    today = timezone.localdate()
    if show == PAST:
        return found.expired(today)
    if show == ASIDE:
        return found.set_aside()
    if show == OLD:
        return found.old_editions()
    return found.expiring(dt.timedelta(days=int(show))) if show else found


def _where(found: Lot) -> dict[str, object]:
    """What there is of a lot and of the packs it is in, store by store, and the months they went out in."""
    known = affected(found)
    names, stores = {one.pk: one for one in known}, {store.pk: store for store in Store.objects.all()}
    rows = sorted(standing(lot__in=list(names)), key=lambda row: (row.lot_id or 0, row.store_id))
    return {
        "places": [(names[row.lot_id], stores[row.store_id], row.quantity) for row in rows if row.lot_id],
        "packs": [one for one in known if one.pk != found.pk],
        "months": went_out(known),
    }
