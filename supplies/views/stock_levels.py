"""Pages of stock levels: the shelf, and the watch: items and lots that need attention."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from supplies.forms.stock_levels import TO_ORDER, ShelfFilter
from supplies.models import Item, Need, Store, Watch, calculate_needs
from supplies.models.watch import EXPIRES_SOON


@permission_required("supplies.view_item", raise_exception=True)
@require_GET
def shelf(request: HttpRequest) -> HttpResponse:
    """Every item by category: its stock, its state, how long it lasts, and its next date."""
    form = ShelfFilter(request.GET)
    fits = form.is_valid()
    items = Item.objects.on_the_shelf().matching(form.cleaned_data.get("words", "")).by_category()
    if category := form.cleaned_data.get("category"):
        items = items.filter(category=category)
    today = timezone.localdate()
    needs = [need for need in calculate_needs(items, today) if _matches_state(need, form.cleaned_data.get("state", ""))]
    return render(
        request,
        "supplies/stock_levels/list.html" + ("#found" if request.headers.get("HX-Target") == "found" else ""),
        {"form": form, "needs": needs, "looking": form.has_changed(), "stores": Store.objects.count(), **_days(today)},
        status=200 if fits else 422,
    )


@permission_required("supplies.view_item", raise_exception=True)
@require_GET
def watch(request: HttpRequest) -> HttpResponse:
    """Items and lots that need attention, the most pressing first."""
    needs = calculate_needs(Item.objects.stocked().with_on_hand().by_category())
    shown = {"watch": Watch.over([need.item for need in needs], needs)}
    return render(request, "supplies/stock_levels/watch.html", {**shown, **_days(timezone.localdate())})


def _matches_state(need: Need, state: str) -> bool:
    if state == TO_ORDER:
        return need.advice is not None
    return not state or need.item.state == state


def _days(today: dt.date) -> dict[str, Any]:
    return {"today": today, "soon": today + EXPIRES_SOON}
