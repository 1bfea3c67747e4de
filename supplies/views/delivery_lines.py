"""Pages of a delivery's lines: one lot of one item at a time, saved as soon as it is written."""

from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from supplies.forms.deliveries import CorrectionForm, DeliveryLineForm, ItemForm
from supplies.forms.refusals import run_if_valid
from supplies.models import Delivery, DeliveryLine, Item
from supplies.requests import AuthenticatedRequest
from supplies.views.deliveries import delivery_page
from supplies.views.refusals import run_or_refuse


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """Add a line, of the item in the address."""
    delivery = get_object_or_404(Delivery, pk=pk)
    chosen = ItemForm(request.GET)
    if not chosen.is_valid():
        return delivery_page(request, delivery, status=422, item_form=chosen)
    return _keep(request, delivery, chosen.cleaned_data["item"])


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: AuthenticatedRequest, pk: UUID, key: UUID) -> HttpResponse:
    """Change a line of a draft."""
    line = get_object_or_404(DeliveryLine.objects.select_related("delivery", "item"), pk=key, delivery=pk)
    return _keep(request, line.delivery, line.item, line)


@permission_required("supplies.receive_delivery", raise_exception=True)
@require_POST
def strike(request: AuthenticatedRequest, pk: UUID, key: UUID) -> HttpResponse:
    """Delete a line of a draft; a line deleted already is harmless."""
    delivery = get_object_or_404(Delivery, pk=pk)
    return run_or_refuse(
        request,
        partial(delivery.delete_line, key),
        success=_("Removed."),
        page=partial(delivery_page, request, delivery),
        then=redirect("supplies:delivery", pk),
    )


@permission_required("supplies.manage_orders", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: AuthenticatedRequest, pk: UUID, key: UUID) -> HttpResponse:
    """Correct the quantity of a line that is on the shelf."""
    line = get_object_or_404(DeliveryLine.objects.select_related("delivery", "item"), pk=key, delivery=pk)
    form = CorrectionForm(request.POST or None)
    if run_if_valid(form, lambda: line.correct(by=request.user, **form.cleaned_data)):
        messages.success(request, _("Corrected. The shelf is right now."))
        return redirect("supplies:delivery", pk)
    shown = {"delivery": line.delivery, "line": line, "form": form}
    return render(request, "supplies/deliveries/correction.html", shown, status=422 if form.errors else 200)


def _keep(
    request: AuthenticatedRequest, delivery: Delivery, item: Item, line: DeliveryLine | None = None
) -> HttpResponse:
    if not delivery.is_draft:
        return delivery_page(request, delivery, status=409, reasons=[_("This list is closed. Nothing was changed.")])
    form = DeliveryLineForm(item, request.POST or None, money=request.user.has_perm("supplies.see_money"), line=line)
    if run_if_valid(
        form, lambda: delivery.write_line(line.pk if line else _key(delivery, item, form), item=item, **form.line)
    ):
        return _redirect_after_keeping(request, delivery, item)
    others = [other for other in delivery.lines.filter(item=item).order_by("lot_number", "pk") if other != line]
    shown = {"delivery": delivery, "item": item, "form": form, "line": line, "others": others}
    return render(request, "supplies/deliveries/line.html", shown, status=422 if form.errors else 200)


def _key(delivery: Delivery, item: Item, form: DeliveryLineForm) -> UUID:
    """The key the page came with; a new one if its line holds other values: somebody went back and wrote anew."""
    key: UUID = form.cleaned_data["key"]
    sent = DeliveryLine.objects.filter(pk=key).first()
    return uuid4() if sent and not (sent.delivery == delivery and sent.matches(item=item, **form.line)) else key


def _redirect_after_keeping(request: AuthenticatedRequest, delivery: Delivery, item: Item) -> HttpResponse:
    messages.success(request, _("Kept: %(item)s.") % {"item": item.name})
    if "another" in request.POST:
        return redirect(f"{reverse('supplies:delivery-add', args=[delivery.pk])}?item={item.pk}")
    return redirect("supplies:delivery", delivery.pk)
