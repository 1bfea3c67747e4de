"""The page that moves stock from one store to another."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from supplies.forms.moves import StockMoveForm, WayForm
from supplies.forms.refusals import run_if_valid
from supplies.models import Item, Store
from supplies.models.ledger import list_stock
from supplies.requests import AuthenticatedRequest


@permission_required("supplies.move_stock", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def moves(request: AuthenticatedRequest) -> HttpResponse:
    """Choose two stores, then the quantities; lots that expire first are moved first."""
    stores = list(Store.objects.all())
    data = request.POST if request.method == "POST" else request.GET
    chosen = {"start": stores[0].pk, "end": stores[1].pk} if len(stores) > 1 else {}
    way = WayForm(stores, {**chosen, **data.dict()}) if chosen else None
    if way is None or not way.is_valid():
        return render(request, "supplies/moves/form.html", {"way": way}, status=422 if way and data else 200)
    start, end = way.way
    form = StockMoveForm(
        _list_items_in(start, way.cleaned_data["words"]), request.POST if request.method == "POST" else None
    )
    if run_if_valid(form, lambda: Item.objects.move_stock(form.lines, source=start, destination=end, by=request.user)):
        messages.success(request, _("Saved: %(place)s has it now.") % {"place": end.name})
        return redirect("supplies:shelf")
    shown = {"way": way, "form": form, "start": start, "end": end}
    return render(request, "supplies/moves/form.html", shown, status=422 if form.is_bound else 200)


def _list_items_in(store: Store, words: str) -> list[tuple[Item, int]]:
    """The items in this store with their stock, in the order of the shelf."""
    here: dict[int, int] = {}
    for row in list_stock(store=store.pk):
        here[row.item_id] = here.get(row.item_id, 0) + max(row.quantity, 0)
    items = Item.objects.filter(pk__in=[pk for pk, number in here.items() if number]).matching(words).by_category()
    return [(item, here[item.pk]) for item in items]
