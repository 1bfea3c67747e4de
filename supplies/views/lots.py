"""Pages of lots: in stock, expiring, set aside and recalled."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies.forms.lots import ASIDE, OLD, PAST, DateForm, LotFilter, RecallForm
from supplies.forms.refusals import add_refusal
from supplies.models import Lot, Recall, Store
from supplies.models.ledger import list_stock
from supplies.models.lots import LotQuerySet
from supplies.models.recalls import list_affected_lots, list_given_out
from supplies.models.watch import EXPIRES_SOON
from supplies.requests import AuthenticatedRequest
from supplies.views.items import act_page
from supplies.views.refusals import run_or_refuse

PAGE_SIZE = 60


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def lots(request: AuthenticatedRequest) -> HttpResponse:
    """Lots in stock, first to expire first; by number, item and state."""
    form = LotFilter(request.GET)
    fits = form.is_valid()
    words, show = form.cleaned_data.get("words", ""), form.cleaned_data.get("show", "")
    # A lot that is named is found even if none of it is left: that is what a recall asks about.
    lots = Lot.objects.named(words).with_on_hand() if words and not show else Lot.objects.named(words).in_stock()
    lots = _filter_lots(lots, show).select_related("item", "item__leaflet").first_expiring_first()
    page = Paginator(lots, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {"form": form, "page": page, "looking": form.has_changed(), "today": today, "soon": today + EXPIRES_SOON}
    template = "supplies/lots/list.html" + ("#found" if request.headers.get("HX-Target") == "found" else "")
    return render(request, template, context, status=200 if fits else 422)


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def lot(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One lot: its places, the months it went out in, and how to recall it."""
    return lot_page(request, pk)


@permission_required("supplies.set_aside_lot", raise_exception=True)
@require_POST
def set_aside(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Set a lot aside. Anybody at the desk may: a doubt is enough."""
    get_object_or_404(Lot, pk=pk).set_aside()
    messages.success(request, _("Set aside. Nobody gives it out until somebody allows it."))
    return redirect("supplies:lot", pk)


@permission_required("supplies.recall_lot", raise_exception=True)
@require_POST
def release(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Let a lot be given out again."""
    return run_or_refuse(
        request,
        get_object_or_404(Lot, pk=pk).release,
        success=_("You can give it out again."),
        page=partial(lot_page, request, pk),
        then=redirect("supplies:lot", pk),
    )


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_date(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Put a wrong use-by date right, in one step, with the reason."""
    lot = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    form = DateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            right = lot.correct_date(
                form.cleaned_data["expires_on"], reason=form.cleaned_data["reason"], by=request.user
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Corrected. The records show both dates, and why."))
            return redirect("supplies:lot", right.pk)
    title = _("The date is wrong: %(item)s, lot %(lot)s") % {"item": lot.item.name, "lot": lot}
    about = _("All of this lot that is here gets the right date. What went out before stays the same.")
    return act_page(request, lot.item, form, title=title, about=about, label=_("Correct the date"))


@permission_required("supplies.recall_lot", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a lot off every shelf in one step, after a look at everything that goes with it."""
    lot = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    form = RecallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        Recall.objects.pull(lot, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Recalled. Take it off the shelves, and put up the notice."))
        return redirect("supplies:lot", pk)
    shown = {"form": form, "lot": lot, **_find_whereabouts(lot)}
    return render(request, "supplies/lots/recall.html", shown, status=422 if form.is_bound else 200)


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def notice(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A notice for the wall about a recalled lot."""
    recall = get_object_or_404(Recall.objects.live().select_related("lot__item"), lot=pk)
    return render(request, "supplies/lots/notice.html", {"recall": recall, "lots": list_affected_lots(recall.lot)})


@permission_required("supplies.recall_lot", raise_exception=True)
@require_POST
def take_back(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a mistaken recall back: everything is on its shelf again."""
    recall = get_object_or_404(Recall, pk=pk)
    recall.undo(by=request.user)
    messages.success(request, _("The recall is cancelled. Put everything back on its shelf."))
    return redirect("supplies:lot", recall.lot_id)


def lot_page(
    request: AuthenticatedRequest, pk: int, *, status: int = 200, reasons: list[str] | None = None
) -> HttpResponse:
    """The page of one lot as it is now, with the reasons of a refusal."""
    lot = get_object_or_404(Lot.objects.with_on_hand().select_related("item", "item__leaflet"), pk=pk)
    recalls = list(lot.recalls.select_related("by").order_by("-made_on", "-pk"))
    today = timezone.localdate()
    shown = {
        "lot": lot,
        **_find_whereabouts(lot),
        "recalls": recalls,
        "live": next((recall for recall in recalls if recall.ended_on is None), None),
        "today": today,
        "soon": today + EXPIRES_SOON,
        "reasons": reasons or [],
    }
    return render(request, "supplies/lots/detail.html", shown, status=status)


def _filter_lots(lots: LotQuerySet, show: str) -> LotQuerySet:
    today = timezone.localdate()
    if show == PAST:
        return lots.expired(today)
    if show == ASIDE:
        return lots.set_aside()
    if show == OLD:
        return lots.old_editions()
    return lots.expiring(dt.timedelta(days=int(show))) if show else lots


def _find_whereabouts(lot: Lot) -> dict[str, object]:
    """The stock of a lot and of the packs it is in, store by store, and the months they went out in."""
    lots = {affected.pk: affected for affected in list_affected_lots(lot)}
    stores = {store.pk: store for store in Store.objects.all()}
    rows = sorted(list_stock(lot__in=list(lots)), key=lambda row: (row.lot_id or 0, row.store_id))
    return {
        "places": [(lots[row.lot_id], stores[row.store_id], row.quantity) for row in rows if row.lot_id],
        "packs": [affected for affected in lots.values() if affected.pk != lot.pk],
        "months": list_given_out(list(lots.values())),
    }
