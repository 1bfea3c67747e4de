"""Pages of one item: its stock, lots, ledger and use over a year, and the actions on it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies import charts
from supplies.forms.items import ItemCountForm, Spot, WasteForm
from supplies.forms.refusals import run_if_valid
from supplies.models import Component, Count, Delivery, Item, Lot, Movement, Recall, Store
from supplies.models.ledger import Row, list_stock
from supplies.models.use import sum_given_out
from supplies.models.watch import EXPIRES_SOON
from supplies.requests import AuthenticatedRequest

PAGE_SIZE = 25
MONTHS = 12
# Who may do a thing may also put it right.
MAY_UNDO = {"moved": "supplies.move_stock", "counted": "supplies.count_stock", "wasted": "supplies.waste_stock"}


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def item(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """The page of one item."""
    return item_page(request, slug)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def receive(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Start a delivery with this item as its first line."""
    item = get(slug)
    delivery = Delivery.objects.start(key=uuid.uuid4(), by=request.user)
    return redirect(f"{reverse('supplies:delivery-add', args=[delivery.pk])}?item={item.pk}")


@permission_required("supplies.count_stock", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Count one item in every store; the numbers found are in the books at once."""
    item = get(slug)
    form = ItemCountForm(spots_of(item, every_store=True), item, request.POST if request.method == "POST" else None)
    if form.is_valid():
        differed = Count.objects.count_item(item, form.quantities, by=request.user)
        counted = ngettext(
            "Counted. The records were wrong in %(n)d place.",
            "Counted. The records were wrong in %(n)d places.",
            differed,
        )
        messages.success(request, counted % {"n": differed} if differed else _("Counted. The records were right."))
        return redirect("supplies:item", slug)
    title = _("Count: %(item)s") % {"item": item.name}
    about = _(
        "Leave a box empty if you did not look there. We do not show the recorded number, so that nobody copies it."
    )
    return act_page(request, item, form, title=title, about=about, label=_("Save the count"))


@permission_required("supplies.waste_stock", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def waste(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Take some stock off the shelf for good."""
    item = get(slug)
    form = WasteForm(spots_of(item), item, request.POST if request.method == "POST" else None)
    if run_if_valid(form, lambda: item.waste(**form.waste, by=request.user)):
        messages.success(request, _("Taken off the shelf."))
        return redirect("supplies:item", slug)
    title = _("Throw away: %(item)s") % {"item": item.name}
    about = _("For things past their date, broken or wet. If they are sharps, put them in the sharps bin.")
    return act_page(request, item, form, title=title, about=about, label=_("Take it off the shelf"), kind="danger")


@permission_required("supplies.view_item", raise_exception=True)
@require_POST
def undo(request: AuthenticatedRequest, act: uuid.UUID) -> HttpResponse:
    """Undo an act of the ledger; the permission to do such an act lets one undo it."""
    if recall := Recall.objects.filter(act=act).first():
        return redirect("supplies:lot", recall.lot_id)
    row = Movement.objects.filter(act=act).select_related("item").order_by("-quantity", "pk").first()
    if row is None:
        raise Http404
    if row.kind in MAY_UNDO and not request.user.has_perm(MAY_UNDO[row.kind]):
        raise PermissionDenied
    try:
        done = Movement.objects.undo(act, by=request.user)
    except ValidationError as refusal:
        return item_page(request, row.item.slug, status=409, reasons=refusal.messages)
    if done:
        messages.success(request, _("Undone. A new line in the records cancels it."))
    else:
        messages.warning(request, _("That is already undone."))
    return redirect("supplies:item", row.item.slug)


def item_page(
    request: AuthenticatedRequest, slug: str, *, status: int = 200, reasons: list[str] | None = None
) -> HttpResponse:
    """The page of one item as it is now, with the reasons of a refusal."""
    today = timezone.localdate()
    asked = Item.objects.with_on_hand().with_unusable(today).with_next_expiry().select_related("category", "leaflet")
    item = get_object_or_404(asked, slug=slug)
    rows = list_stock(item=item.pk)
    stores = {store.pk: store for store in Store.objects.all()}
    lots = list(Lot.objects.filter(pk__in={row.lot_id for row in rows}).first_expiring_first())
    for lot in lots:
        lot.item = item
    ledger = Movement.objects.filter(item=item).newest_first().select_related("lot", "store", "by", "undone_by")
    page = Paginator(ledger, PAGE_SIZE).get_page(request.GET.get("page"))
    kits = Component.objects.filter(kit=item) | Component.objects.filter(item=item)
    recipe = list(kits.select_related("item", "kit").order_by("order", "pk"))
    shown: dict[str, Any] = {
        "item": item,
        "lots": [LotBalance(lot, rows, stores) for lot in [*lots, None]],
        "stores": [(store, sum(row.quantity for row in rows if row.store_id == store.pk)) for store in stores.values()],
        "page": page,
        "not_completed": _not_completed(page, item),
        "year": _build_year(item, today),
        "recipe": [line for line in recipe if line.kit_id == item.pk],
        "withdrawn_parts": [line.item for line in recipe if line.kit_id == item.pk and line.item.withdrawn],
        "part_of": [line for line in recipe if line.item_id == item.pk],
        "may_undo": [kind for kind, may in MAY_UNDO.items() if request.user.has_perm(may)],
        "today": today,
        "soon": today + EXPIRES_SOON,
        "reasons": reasons or [],
    }
    shown["lots"] = [lot for lot in shown["lots"] if lot.places]
    return render(request, "supplies/items/detail.html", shown, status=status)


class LotBalance:
    """One lot of an item, with its stock by store."""

    def __init__(self, lot: Lot | None, rows: list[Row], stores: dict[int, Store]) -> None:
        """Pick the lot's rows from these, which are all of the item's."""
        self.lot = lot
        mine = [row for row in rows if row.lot_id == (lot.pk if lot else None)]
        self.places = [(stores[row.store_id], row.quantity) for row in sorted(mine, key=lambda row: row.store_id)]
        self.quantity = sum(row.quantity for row in mine)


def spots_of(item: Item, *, every_store: bool = False) -> list[Spot]:
    """The places of its stock, by lot and store; with `every_store` also stores that hold none of it in a lot."""
    rows = list_stock(item=item.pk)
    stores = {store.pk: store for store in Store.objects.all()} or {(main := Store.objects.main()).pk: main}
    if every_store:
        there = {row.store_id for row in rows}
        rows += [Row(item.pk, None, store, 0) for store in stores if store not in there]
    lots = Lot.objects.in_bulk([row.lot_id for row in rows if row.lot_id])
    spots = [Spot(row, lots, stores) for row in rows]
    far = dt.date.max
    return sorted(
        spots, key=lambda spot: (spot.store.order, spot.store.pk, (spot.lot and spot.lot.expires_on) or far, spot.key)
    )


def act_page(request: AuthenticatedRequest, item: Item, form: Any, **words: str) -> HttpResponse:
    """A page with one form about one item."""
    status = 422 if form.is_bound else 200
    return render(request, "supplies/items/act.html", {"item": item, "form": form, **words}, status=status)


def get(slug: str) -> Item:
    """An item that can be stock."""
    return get_object_or_404(Item.objects.exclude(kind=Item.Kind.BUNDLE), slug=slug)


def _not_completed(page: Any, item: Item) -> int:
    """The quantity that went out in months that are not in the ledger yet."""
    newest = next(iter(page), None) if page.number == 1 else None
    if page.number > 1:
        return 0
    return (newest.balance if newest else 0) - item.on_hand


def _build_year(item: Item, today: dt.date) -> dict[str, Any] | None:
    """Up to twelve months of giving out, as a chart and a table; None if nothing went out in them.

    Months before the item was first in the books are no zeros, and are left out.
    """
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - dt.timedelta(days=1)).replace(day=1))
    used = sum_given_out(months[-1], today, item=item)
    if not used:
        return None
    known = Movement.objects.filter(item=item).aggregate(day=Min(Coalesce("made_on", "month")))["day"]
    first = min(used) if known is None else min(known.replace(day=1), *used)
    months = [month for month in reversed(months) if month >= first]
    rows = [(date_format(month, "M Y"), used.get(month, 0)) for month in months]
    whole = sum(number for _name, number in rows)
    takeaway = _("%(amount)s went out since %(month)s.") % {
        "amount": item.amount(whole),
        "month": date_format(months[0], "YEAR_MONTH_FORMAT"),
    }
    return {
        "svg": charts.bars(rows, _("Given out, month by month")),
        "takeaway": takeaway,
        "head": [_("Month"), _("Given out")],
        "rows": [(name, f"{number:,}") for name, number in rows],
    }
