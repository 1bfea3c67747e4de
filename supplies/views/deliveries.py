"""Pages of deliveries: boxes at the door, written down lot by lot on a phone."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from supplies.forms.deliveries import DeliveryForm, ItemForm, StartDeliveryForm
from supplies.forms.funds import PaymentForm
from supplies.forms.prices import PricesForm
from supplies.forms.refusals import run_if_valid
from supplies.models import Delivery, Fund, Order, Store
from supplies.requests import AuthenticatedRequest
from supplies.views.refusals import run_or_refuse

PAGE_SIZE = 30
OK = 200


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_safe
def deliveries(request: AuthenticatedRequest) -> HttpResponse:
    """Drafts, orders on their way, and deliveries that came."""
    return _deliveries_page(request)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Start a delivery, of an order or of none."""
    form = StartDeliveryForm(request.POST)
    if not form.is_valid():
        return _deliveries_page(request, status=422, reasons=[_("That did not arrive complete. Try again.")])
    try:
        delivery = Delivery.objects.start(**form.cleaned_data, by=request.user)
    except ValidationError as refusal:
        return _deliveries_page(request, status=409, reasons=refusal.messages)
    return redirect("supplies:delivery", delivery.pk)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_safe
def delivery(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """One delivery: a draft to fill, or a received one and its cost."""
    return delivery_page(request, _get(pk))


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def about(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """Save supplier, store and fund."""
    delivery = _get(pk)
    form = DeliveryForm(
        request.POST, instance=_get(pk), money=_sees_money(request), several_stores=Store.objects.are_several()
    )
    if not form.is_valid():
        return delivery_page(request, delivery, status=422, about=form)
    return _run(request, delivery, lambda draft: draft.change(**form.cleaned_data), _("Saved."))


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def receive(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """Put the whole delivery on the shelf, once."""
    delivery = _get(pk)
    try:
        done = delivery.receive(by=request.user)
    except ValidationError as refusal:
        return delivery_page(request, delivery, status=409, reasons=refusal.messages)
    if done:
        messages.success(request, _("It is on the shelf."))
    else:
        messages.warning(request, _("Somebody was faster: it was already on the shelf, and counted once."))
    return redirect("supplies:delivery", pk)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def discard(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    return _run(request, _get(pk), Delivery.discard, _("Discarded. You can bring it back from here."))


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def bring_back(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """Make a discarded delivery a draft again."""
    return _run(request, _get(pk), Delivery.bring_back, _("Here it is again."))


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def prices(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """Save prices that came after the delivery, with the invoice."""
    delivery = _get(pk)
    form = PricesForm(delivery.cost().unpriced, request.POST)
    if not form.is_valid():
        return delivery_page(request, delivery, status=422, prices=form)
    delivery.set_prices(form.prices)
    count = len(form.prices)
    messages.success(request, ngettext("%(n)d price saved.", "%(n)d prices saved.", count) % {"n": count})
    return redirect("supplies:delivery", pk)


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def pay(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """Write down a payment from a fund, or a refund."""
    delivery = _get(pk)
    form = PaymentForm(request.POST)
    if run_if_valid(form, lambda: _pay(delivery, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Written down."))
        return redirect("supplies:delivery", pk)
    return delivery_page(request, delivery, status=422, payment=form)


def delivery_page(
    request: AuthenticatedRequest,
    delivery: Delivery,
    *,
    status: int = OK,
    reasons: list[str] | None = None,
    **forms: Any,
) -> HttpResponse:
    """The page of one delivery as it is now, with the forms this person may use."""
    if status != OK:
        delivery = _get(delivery.pk)
    lines = delivery.list_lines()
    shown: dict[str, Any] = {
        "delivery": delivery,
        "lines": lines,
        "reasons": reasons or [],
        "money": _sees_money(request),
        "several_stores": Store.objects.are_several(),
    }
    if delivery.is_draft:
        about = DeliveryForm(instance=delivery, money=shown["money"], several_stores=shown["several_stores"])
        shown |= {"about": about, "item_form": ItemForm(), "expected": list(delivery.list_expected(lines))}
    elif delivery.is_received and shown["money"]:
        cost, payments = delivery.cost_of(lines), list(delivery.payments.select_related("fund"))
        paid = sum(payment.amount for payment in payments)
        shown |= {
            "cost": cost,
            "paid": paid,
            "payments": payments,
            "prices": PricesForm(cost.unpriced) if cost.unpriced else None,
            "payment": PaymentForm(initial={"amount": cost.total - paid or None}),
        }
    return render(request, "supplies/deliveries/detail.html", shown | forms, status=status)


def _run(
    request: AuthenticatedRequest, delivery: Delivery, verb: Callable[[Delivery], None], success: str
) -> HttpResponse:
    return run_or_refuse(
        request,
        partial(verb, delivery),
        success=success,
        page=partial(delivery_page, request, delivery),
        then=redirect("supplies:delivery", delivery.pk),
    )


def _pay(delivery: Delivery, *, fund: Fund, amount: Decimal, **about: Any) -> None:
    fund.add_payment(delivery, amount, **about)


def _deliveries_page(
    request: AuthenticatedRequest, *, status: int = 200, reasons: list[str] | None = None
) -> HttpResponse:
    began = Delivery.objects.drafts().filter(order__isnull=False).values("order")
    shown = {
        "page": Paginator(Delivery.objects.latest_first().with_size(), PAGE_SIZE).get_page(request.GET.get("page")),
        "on_its_way": Order.objects.on_its_way().exclude(pk__in=began).select_related("supplier").order_by("placed_on"),
        "start": StartDeliveryForm(),
        "reasons": reasons or [],
        "money": _sees_money(request),
    }
    return render(request, "supplies/deliveries/list.html", shown, status=status)


def _get(pk: UUID) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related("order", "supplier", "store", "fund", "by"), pk=pk)


def _sees_money(request: AuthenticatedRequest) -> bool:
    return bool(request.user.has_perm("supplies.see_money"))
