"""The shelf: what there is of everything."""

import datetime as dt

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from supplies.forms.shelf import ShelfFilter
from supplies.models import Item

SOON = dt.timedelta(days=60)


@require_GET
@permission_required("supplies.view_item", raise_exception=True)
def shelf(request: HttpRequest) -> HttpResponse:
    """Every item by category: how many are here, how that stands, and which date comes next."""
    form = ShelfFilter(request.GET)
    fits = form.is_valid()
    items = list(Item.objects.on_the_shelf().matching(form.cleaned_data.get("words", "")).by_category())
    if state := form.cleaned_data.get("state"):
        items = [item for item in items if item.state == state]
    today = timezone.localdate()
    return render(
        request,
        "supplies/shelf/list.html" + ("#found" if request.headers.get("HX-Target") == "found" else ""),
        {"form": form, "items": items, "looking": form.has_changed(), "today": today, "soon": today + SOON},
        status=200 if fits else 422,
    )
