"""Pages of orders: advice with its reasons, lists for suppliers, and their state."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
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
from supplies.models import Item, Need, Order, Shortfall, Supplier, calculate_needs
from supplies.requests import AuthenticatedRequest
from supplies.spreadsheets import Row, csv_file, xlsx_file
from supplies.views.refusals import run_or_refuse

PAGE_SIZE = 30
FILES = {"csv": csv_file, "xlsx": xlsx_file}


@permission_required("supplies.manage_orders", raise_exception=True)
@require_safe
def orders(request: AuthenticatedRequest) -> HttpResponse:
    """The advice to order, by supplier, and every order."""
    return _orders_page(request)


@permission_required("supplies.manage_orders", raise_exception=True)
@require_POST
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Start a draft with the ticked items, or an empty one."""
    form = StartOrderForm(request.POST)
    rows = PacksForm(Item.objects.active().bought().filter(pk__in=PacksForm.named_in(request.POST)), request.POST)
    if not (form.is_valid() and rows.is_valid()):
        return _orders_page(request, status=422, data=request.POST)
    data = form.cleaned_data
    order = Order.objects.start(rows.packs, key=data["key"], supplier=data["supplier"])
    return redirect("supplies:order", order.pk)


@permission_required("supplies.manage_orders", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One order: a list to fill while it is a draft, then the quantities that have come."""
    order = get_object_or_404(Order.objects.select_related("supplier"), pk=pk)
    if request.method != "POST":
        return _order_page(request, order)
    rows = _build_packs_form(order, request.POST)
    form = OrderForm(request.POST, instance=Order.objects.get(pk=pk))
    if not (form.is_valid() and rows.is_valid()):
        return _order_page(request, order, status=422, form=form, rows=rows)
    data = form.cleaned_data
    try:
        order.change(supplier=data["supplier"], note=data["note"], packs=rows.packs | form.added)
        if "place" in request.POST:
            order.place()
    except ValidationError as refusal:
        return _order_page(request, order, status=409, reasons=refusal.messages)
    messages.success(request, _("Placed. Now it is on order.") if "place" in request.POST else _("Saved."))
    return redirect("supplies:order", pk)


@permission_required("supplies.manage_orders", raise_exception=True)
@require_POST
def cancel(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Cancel an order."""
    return _run(request, pk, Order.cancel, _("Cancelled."))


@permission_required("supplies.manage_orders", raise_exception=True)
@require_POST
def close(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Close an order: the rest will not come."""
    return _run(request, pk, Order.close, _("Closed. We no longer wait for the rest."))


@permission_required("supplies.manage_orders", raise_exception=True)
@require_safe
def order_file(_request: AuthenticatedRequest, pk: int, kind: str) -> HttpResponse:
    """The order as a file for the supplier's own forms."""
    order = get_object_or_404(Order, pk=pk)
    if kind not in FILES:
        raise Http404
    return FILES[kind](f"order-{order.pk}", _for_a_supplier(order))


def _run(request: AuthenticatedRequest, pk: int, verb: Callable[[Order], None], success: str) -> HttpResponse:
    order = get_object_or_404(Order, pk=pk)
    return run_or_refuse(
        request,
        partial(verb, order),
        success=success,
        page=partial(_order_page, request, order),
        then=redirect("supplies:order", pk),
    )


def _orders_page(request: AuthenticatedRequest, *, status: int = 200, data: Any = None) -> HttpResponse:
    groups = list(_list_suggestions(data))
    shown = {
        "groups": groups,
        "wrong": [group["form"] for group in groups if group["form"].errors],
        "wishes": Shortfall.objects.count_asked_for(forecast.months_back(timezone.localdate())[0]),
        "page": Paginator(Order.objects.latest_first().with_size(), PAGE_SIZE).get_page(request.GET.get("page")),
        "empty": StartOrderForm(),
    }
    return render(request, "supplies/orders/list.html", shown, status=status)


def _order_page(
    request: AuthenticatedRequest,
    order: Order,
    *,
    status: int = 200,
    reasons: list[str] | None = None,
    **forms: Any,
) -> HttpResponse:
    if reasons:
        order.refresh_from_db()
    shown: dict[str, Any] = {
        "order": order,
        "lines": order.lines.with_received().select_related("item").order_by("item__name__sorted"),
        "deliveries": order.deliveries.exclude(state="discarded").order_by("begun_on"),
        "reasons": reasons or [],
        "key": KeyForm(),
    }
    if order.is_draft:
        shown |= {"form": OrderForm(instance=order), "rows": _build_packs_form(order)}
    return render(request, "supplies/orders/detail.html", shown | forms, status=status)


def _build_packs_form(order: Order, data: Any = None) -> PacksForm:
    lines = list(order.lines.select_related("item").order_by("item__name__sorted"))
    return PacksForm([line.item for line in lines], data, packs={line.item_id: line.packs for line in lines})


def _list_suggestions(data: Any) -> Iterator[dict[str, Any]]:
    """The advice in a form for each supplier; the form that was sent keeps its input."""
    by_supplier: dict[Supplier | None, list[Need]] = defaultdict(list)
    for need in calculate_needs(Item.objects.stocked().with_on_hand().by_category()):
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


def _for_a_supplier(order: Order) -> Iterable[Row]:
    yield _("Item"), _("Your code"), _("Pack of"), _("Packs"), _("In all")
    for line in order.lines.select_related("item").order_by("item__name__sorted"):
        yield line.item.name, line.item.order_code, line.pack_size, line.packs, line.units
