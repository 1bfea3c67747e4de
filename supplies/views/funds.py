"""Funds: what came in, what was spent, what is left, and how long that pays for what goes out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies.forms.funds import ContributionForm, FundForm
from supplies.forms.refusals import blame
from supplies.models import Fund, Item, WeeklyCost, needs_of
from supplies.requests import SignedInRequest


@permission_required("supplies.see_money", raise_exception=True)
@require_safe
def funds(request: SignedInRequest) -> HttpResponse:
    """Every fund, and what they pay for all together."""
    found = list(Fund.objects.with_money())
    left = sum((fund.left for fund in found if not fund.closed_on), Decimal(0))
    cost = _weekly_cost()
    shown = {
        "funds": found,
        "rows": [(fund, cost.lasts(fund.left)) for fund in found],
        "left": left,
        "lasts": cost.lasts(left) if left > 0 else "",
        "cost": cost,
        "today": timezone.localdate(),
    }
    return render(request, "supplies/funds/list.html", shown)


@permission_required("supplies.see_money", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A new pot."""
    form = FundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fund = form.save()
        messages.success(request, _("Saved. Now write down what came in."))
        return redirect("supplies:fund", fund.pk)
    return render(request, "supplies/funds/form.html", {"form": form}, status=422 if form.errors else 200)


@permission_required("supplies.see_money", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def fund(request: SignedInRequest, pk: int) -> HttpResponse:
    """One fund: what came in, what went out, and what it is for, to change."""
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
def take_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down what came in."""
    found = get_object_or_404(Fund, pk=pk)
    form = ContributionForm(request.POST)
    if form.is_valid():
        try:
            found.take_in(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Written down."))
            return redirect("supplies:fund", pk)
    return _fund_page(request, pk, status=422, contribution=form)


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Spend nothing more from it."""
    return _do(request, pk, Fund.close, _("Closed. What was stays in the books."))


@permission_required("supplies.see_money", raise_exception=True)
@require_POST
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let it be spent from again."""
    return _do(request, pk, Fund.reopen, _("Open again."))


def _do(request: SignedInRequest, pk: int, verb: Callable[[Fund], None], done: str) -> HttpResponse:
    verb(get_object_or_404(Fund, pk=pk))
    messages.success(request, done)
    return redirect("supplies:fund", pk)


def _fund_page(request: SignedInRequest, pk: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    found = get_object_or_404(Fund.objects.with_money(), pk=pk)
    cost = _weekly_cost()
    shown: dict[str, Any] = {
        "fund": found,
        "contributions": found.contributions.select_related("by"),
        "payments": found.payments.select_related("delivery__supplier", "by"),
        "form": FundForm(instance=found),
        "contribution": ContributionForm(),
        "cost": cost,
        "lasts": cost.lasts(found.left),
    }
    return render(request, "supplies/funds/detail.html", shown | forms, status=status)


def _weekly_cost() -> WeeklyCost:
    return WeeklyCost.of(needs_of(Item.objects.stocked().with_on_hand().with_last_cost().select_related("supplier")))
