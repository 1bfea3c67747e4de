"""Pages of suppliers."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from supplies.forms.orders import SupplierForm
from supplies.models import Supplier
from supplies.requests import AuthenticatedRequest


@permission_required("supplies.manage_orders", raise_exception=True)
@require_safe
def suppliers(request: AuthenticatedRequest) -> HttpResponse:
    """Every supplier."""
    return render(request, "supplies/suppliers/list.html", {"suppliers": Supplier.objects.with_size()})


@permission_required("supplies.manage_orders", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def supplier(request: AuthenticatedRequest, pk: int | None = None) -> HttpResponse:
    """Add a supplier, or change one."""
    supplier = get_object_or_404(Supplier, pk=pk) if pk else None
    form = SupplierForm(request.POST or None, instance=supplier)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("supplies:suppliers")
    shown = {"form": form, "supplier": supplier and supplier.name}
    return render(request, "supplies/suppliers/form.html", shown, status=422 if form.errors else 200)
