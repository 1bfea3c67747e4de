"""Pages of funds: contributions, payments, the rest, and how long it lasts."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies.forms.funds import ContributionForm, FundForm
from supplies.forms.refusals import run_if_valid
from supplies.models import Fund, Item, WeeklyCost, calculate_needs
from supplies.requests import AuthenticatedRequest


@permission_required("supplies.see_money", raise_exception=True)
@require_safe
def funds(request: AuthenticatedRequest) -> HttpResponse:
    """Every fund, and how long all of them last together."""
    every_fund = list(Fund.objects.with_money())
    left = sum((fund.left for fund in every_fund if not fund.closed_on), Decimal(0))
    cost = _weekly_cost()
    shown = {
        "funds": every_fund,
        "rows": [(fund, cost.lasts(fund.left)) for fund in every_fund],
        "left": left,
        "lasts": cost.lasts(left) if left > 0 else "",
        "cost": cost,
        "today": timezone.localdate(),
    }
    return render(request, "supplies/funds/list.html", shown)


@permission_required("supplies.see_money", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Add a fund."""
    form = FundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fund = form.save()
        messages.success(request, _("Saved. Now write down what came in."))
        return redirect("supplies:fund", fund.pk)
    return render(request, "supplies/funds/form.html", {"form": form}, status=422 if form.errors else 200)


@permission_required("supplies.see_money", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def fund(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One fund: its contributions and payments, and its details to change."""
    if request.method != "POST":
        return _fund_page(request, pk)
    form = FundForm(request.POST, instance=get_object_or_404(Fund, pk=pk))
    if not form.is_valid():
        return _fund_page(request, pk, status=422, form=form)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("supplies:fund", pk)


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def take_in(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write down a contribution."""
    fund = get_object_or_404(Fund, pk=pk)
    form = ContributionForm(request.POST)
    if run_if_valid(form, lambda: fund.add_contribution(by=request.user, **form.cleaned_data)):
        messages.success(request, _("Written down."))
        return redirect("supplies:fund", pk)
    return _fund_page(request, pk, status=422, contribution=form)


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def close(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Close a fund: no more is paid from it."""
    get_object_or_404(Fund, pk=pk).close()
    messages.success(request, _("Closed. Its records stay."))
    return redirect("supplies:fund", pk)


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Open a fund for payments again."""
    get_object_or_404(Fund, pk=pk).reopen()
    messages.success(request, _("Open again."))
    return redirect("supplies:fund", pk)


def _fund_page(request: AuthenticatedRequest, pk: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    fund = get_object_or_404(Fund.objects.with_money(), pk=pk)
    cost = _weekly_cost()
    shown: dict[str, Any] = {
        "fund": fund,
        "contributions": fund.contributions.select_related("by"),
        "payments": fund.payments.select_related("delivery__supplier", "by"),
        "form": FundForm(instance=fund),
        "contribution": ContributionForm(),
        "cost": cost,
        "lasts": cost.lasts(fund.left),
    }
    return render(request, "supplies/funds/detail.html", shown | forms, status=status)


def _weekly_cost() -> WeeklyCost:
    return WeeklyCost.of(
        calculate_needs(Item.objects.stocked().with_on_hand().with_last_cost().select_related("supplier"))
    )
