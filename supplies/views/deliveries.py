"""Deliveries: boxes at the door, written down lot by lot on whatever phone is at hand."""

from collections.abc import Callable
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

from supplies.forms.deliveries import AboutForm, ItemForm, StartForm
from supplies.forms.funds import PaymentForm
from supplies.forms.prices import PricesForm
from supplies.forms.refusals import blame
from supplies.models import Delivery, Order, Store
from supplies.requests import SignedInRequest

A_PAGE = 30
OK = 200


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_safe
def deliveries(request: SignedInRequest) -> HttpResponse:
    """What is being written down, what is on its way, and what came."""
    return _deliveries_page(request)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def start(request: SignedInRequest) -> HttpResponse:
    """Begin to write down what came, of an order or of none."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return _deliveries_page(request, status=422, reasons=[_("That did not arrive whole. Try again.")])
    try:
        delivery = Delivery.objects.start(**form.cleaned_data, by=request.user)
    except ValidationError as refusal:
        return _deliveries_page(request, status=409, reasons=refusal.messages)
    return redirect("supplies:delivery", delivery.pk)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_safe
def delivery(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One delivery: a draft to fill, or what came and what it cost."""
    return delivery_page(request, _get(pk))


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def about(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep where it came from, where it goes and who pays."""
    found = _get(pk)
    form = AboutForm(
        request.POST, instance=_get(pk), money=_sees_money(request), several_stores=Store.objects.are_several()
    )
    if not form.is_valid():
        return delivery_page(request, found, status=422, about=form)
    try:
        found.change(**form.cleaned_data)
    except ValidationError as refusal:
        return delivery_page(request, found, status=409, reasons=refusal.messages)
    messages.success(request, _("Saved."))
    return redirect("supplies:delivery", pk)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def receive(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put all of it on the shelf, once."""
    found = _get(pk)
    try:
        done = found.receive(by=request.user)
    except ValidationError as refusal:
        return delivery_page(request, found, status=409, reasons=refusal.messages)
    if done:
        messages.success(request, _("It is on the shelf."))
    else:
        messages.warning(request, _("Somebody was quicker: it was on the shelf already, and came once."))
    return redirect("supplies:delivery", pk)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def discard(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    return _do(request, pk, Delivery.discard, _("Thrown away. You can bring it back from here."))


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def bring_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Make a draft of what was thrown away."""
    return _do(request, pk, Delivery.bring_back, _("Here it is again."))


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def prices(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write down what came without a price, now that the invoice is here."""
    found = _get(pk)
    form = PricesForm(found.cost().unpriced, request.POST)
    if not form.is_valid():
        return delivery_page(request, found, status=422, prices=form)
    found.set_prices(form.prices)
    count = len(form.prices)
    messages.success(request, ngettext("%(n)d price saved.", "%(n)d prices saved.", count) % {"n": count})
    return redirect("supplies:delivery", pk)


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def pay(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write down what a fund paid for it, or got back."""
    found = _get(pk)
    form = PaymentForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            said.pop("fund").pay(found, said.pop("amount"), by=request.user, **said)
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Written down."))
            return redirect("supplies:delivery", pk)
    return delivery_page(request, found, status=422, payment=form)


def delivery_page(
    request: SignedInRequest, found: Delivery, *, status: int = OK, reasons: list[str] | None = None, **forms: Any
) -> HttpResponse:
    """The page of one delivery as it is now, with the forms of whatever this person may do."""
    if status != OK:
        found = _get(found.pk)
    lines = found.written()
    shown: dict[str, Any] = {
        "delivery": found,
        "lines": lines,
        "reasons": reasons or [],
        "money": _sees_money(request),
        "several_stores": Store.objects.are_several(),
    }
    if found.is_draft:
        about = AboutForm(instance=found, money=shown["money"], several_stores=shown["several_stores"])
        shown |= {"about": about, "item_form": ItemForm(), "expected": list(found.expected(lines))}
    elif found.is_received and shown["money"]:
        cost, payments = found.cost_of(lines), list(found.payments.select_related("fund"))
        paid = sum(payment.amount for payment in payments)
        shown |= {
            "cost": cost,
            "paid": paid,
            "payments": payments,
            "prices": PricesForm(cost.unpriced) if cost.unpriced else None,
            "payment": PaymentForm(initial={"amount": cost.total - paid or None}),
        }
    return render(request, "supplies/deliveries/detail.html", shown | forms, status=status)


def _do(request: SignedInRequest, pk: UUID, verb: Callable[[Delivery], None], done: str) -> HttpResponse:
    found = _get(pk)
    try:
        verb(found)
    except ValidationError as refusal:
        return delivery_page(request, found, status=409, reasons=refusal.messages)
    messages.success(request, done)
    return redirect("supplies:delivery", pk)


def _deliveries_page(request: SignedInRequest, *, status: int = 200, reasons: list[str] | None = None) -> HttpResponse:
    began = Delivery.objects.drafts().filter(order__isnull=False).values("order")
    shown = {
        "page": Paginator(Delivery.objects.latest_first().with_size(), A_PAGE).get_page(request.GET.get("page")),
        "on_its_way": Order.objects.on_its_way().exclude(pk__in=began).select_related("supplier").order_by("placed_on"),
        "start": StartForm(),
        "reasons": reasons or [],
        "money": _sees_money(request),
    }
    return render(request, "supplies/deliveries/list.html", shown, status=status)


def _get(pk: UUID) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related("order", "supplier", "store", "fund", "by"), pk=pk)


def _sees_money(request: SignedInRequest) -> bool:
    return bool(request.user.has_perm("supplies.see_money"))
