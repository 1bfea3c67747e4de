"""Orders: what to order and why, lists for suppliers, and how far they are."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies import forecast
from supplies.forms.orders import KeyForm, OrderForm, PacksForm, StartOrderForm
from supplies.models import Item, Need, Order, Shortfall, Supplier, needs_of
from supplies.requests import SignedInRequest
from supplies.spreadsheets import Row, csv_file, xlsx_file

A_PAGE = 30
FILES = {"csv": csv_file, "xlsx": xlsx_file}


@permission_required("supplies.manage_orders", raise_exception=True)
@require_safe
def orders(request: SignedInRequest) -> HttpResponse:
    """What to order with its reasons, by supplier, and every order."""
    return _orders_page(request)


@permission_required("supplies.manage_orders", raise_exception=True)
@require_POST
def start(request: SignedInRequest) -> HttpResponse:
    """Begin a draft with what was ticked off the list, or an empty one."""
    form = StartOrderForm(request.POST)
    rows = PacksForm(Item.objects.active().bought().filter(pk__in=PacksForm.named_in(request.POST)), request.POST)
    if not (form.is_valid() and rows.is_valid()):
        return _orders_page(request, status=422, data=request.POST)
    said = form.cleaned_data
    order = Order.objects.start(rows.packs, key=said["key"], supplier=said["supplier"])
    return redirect("supplies:order", order.pk)


@permission_required("supplies.manage_orders", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: SignedInRequest, pk: int) -> HttpResponse:
    """One order: while it is a draft a list to fill, after that how much of it has come."""
    found = get_object_or_404(Order.objects.select_related("supplier"), pk=pk)
    if request.method != "POST":
        return _order_page(request, found)
    rows = _packs(found, request.POST)
    form = OrderForm(request.POST, instance=Order.objects.get(pk=pk))
    if not (form.is_valid() and rows.is_valid()):
        return _order_page(request, found, status=422, form=form, rows=rows)
    said = form.cleaned_data
    try:
        found.change(supplier=said["supplier"], note=said["note"], packs=rows.packs | form.added)
        if "place" in request.POST:
            found.place()
    except ValidationError as refusal:
        return _order_page(request, found, status=409, refusal=refusal)
    messages.success(request, _("Placed. Now it is on order.") if "place" in request.POST else _("Saved."))
    return redirect("supplies:order", pk)


@permission_required("supplies.manage_orders", raise_exception=True)
@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call an order off."""
    return _do(request, get_object_or_404(Order, pk=pk), Order.cancel, _("Cancelled."))


@permission_required("supplies.manage_orders", raise_exception=True)
@require_POST
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that the rest will not come."""
    return _do(request, get_object_or_404(Order, pk=pk), Order.close, _("Closed. The rest is no longer waited for."))


@permission_required("supplies.manage_orders", raise_exception=True)
@require_safe
def order_file(_request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """An order as a file for the supplier's own forms."""
    found = get_object_or_404(Order, pk=pk)
    if kind not in FILES:
        raise Http404
    return FILES[kind](f"order-{found.pk}", _for_a_supplier(found))


def _do(request: SignedInRequest, found: Order, verb: Callable[[Order], None], done: str) -> HttpResponse:
    try:
        verb(found)
    except ValidationError as refusal:
        return _order_page(request, found, status=409, refusal=refusal)
    messages.success(request, done)
    return redirect("supplies:order", found.pk)


def _orders_page(request: SignedInRequest, *, status: int = 200, data: Any = None) -> HttpResponse:
    groups = list(_suggested(data))
    shown = {
        "groups": groups,
        "wrong": [group["form"] for group in groups if group["form"].errors],
        "wishes": Shortfall.objects.asked_for(forecast.months_back(timezone.localdate())[0]),
        "page": Paginator(Order.objects.latest_first().with_size(), A_PAGE).get_page(request.GET.get("page")),
        "empty": StartOrderForm(),
    }
    return render(request, "supplies/orders/list.html", shown, status=status)


def _order_page(
    request: SignedInRequest, found: Order, *, status: int = 200, refusal: ValidationError | None = None, **forms: Any
) -> HttpResponse:
    if refusal:
        found.refresh_from_db()
    shown: dict[str, Any] = {
        "order": found,
        "lines": found.lines.with_received().select_related("item").order_by("item__name"),
        "deliveries": found.deliveries.exclude(state="discarded").order_by("begun_on"),
        "reasons": refusal.messages if refusal else [],
        "key": KeyForm(),
    }
    if found.is_draft:
        shown |= {"form": OrderForm(instance=found), "rows": _packs(found)}
    return render(request, "supplies/orders/detail.html", shown | forms, status=status)


def _packs(found: Order, data: Any = None) -> PacksForm:
    lines = list(found.lines.select_related("item").order_by("item__name"))
    return PacksForm([line.item for line in lines], data, packs={line.item_id: line.packs for line in lines})


def _suggested(data: Any) -> Iterator[dict[str, Any]]:
    """What to order, in a form for each supplier; the one that was sent says what was typed in it."""
    by_supplier: dict[Supplier | None, list[Need]] = defaultdict(list)
    for need in needs_of(Item.objects.stocked().with_on_hand().by_category()):
        if need.advice:
            by_supplier[need.item.supplier].append(need)
    for supplier, needs in sorted(by_supplier.items(), key=lambda group: (group[0] is None, str(group[0]))):
        name = str(supplier.pk) if supplier else ""
        typed = data if data is not None and data.get("supplier", "") == name else None
        packs = {need.item.pk: need.advice.packs for need in needs if need.advice}
        form = PacksForm([need.item for need in needs], typed, packs=packs)
        rows = [(need, field) for need, (_item, field) in zip(needs, form.rows(), strict=True)]
        begin = StartOrderForm(initial={"supplier": supplier})
        yield {"supplier": supplier, "form": form, "rows": rows, "start": begin}


def _for_a_supplier(found: Order) -> Iterable[Row]:
    yield _("Item"), _("Your code"), _("Pack of"), _("Packs"), _("In all")
    for line in found.lines.select_related("item").order_by("item__name"):
        yield line.item.name, line.item.order_code, line.pack_size, line.packs, line.units
