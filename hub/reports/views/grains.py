"""The page of grains: how long a time each published number covers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.disclosure.measures import MEASURES
from hub.reports.forms import GrainsForm, has_choice
from hub.reports.models.grains import GRAIN_NAMES, MeasureGrain
from supplies.models import Item


@permission_required("hub.publish_edition", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def grains(request: HttpRequest) -> HttpResponse:
    """Choose for each measure and each item whether it is shown by the month, the quarter or the year."""
    measures = MeasureGrain.objects.of_measures()
    form = GrainsForm(measures, Item.objects.by_category(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        MeasureGrain.objects.choose(form.chosen_measures, form.chosen_items)
        messages.success(request, _("Saved. It starts with the next year of which nothing is published yet."))
        return redirect("hub:report-grains")
    context = {"form": form, "measures": _list_measures(form), "categories": _group_items(form), "fixed": _list_fixed()}
    return render(request, "hub/reports/reports/grains.html", context, status=422 if form.is_bound else 200)


def _list_measures(form: GrainsForm) -> list[dict[str, Any]]:
    chosen = [measure for measure in MEASURES.values() if has_choice(measure)]
    return [{"why": measure.why, "field": form[f"measure-{measure.slug}"]} for measure in chosen]


def _list_fixed() -> list[dict[str, Any]]:
    """Measures whose grain nobody chooses, each with the reason."""
    fixed = [measure for measure in MEASURES.values() if not has_choice(measure)]
    return [{"label": measure.label, "why": measure.why, "grain": GRAIN_NAMES[measure.grain]} for measure in fixed]


def _group_items(form: GrainsForm) -> list[tuple[str, list[Any]]]:
    groups: dict[str, list[Any]] = {}
    for item in form.items:
        groups.setdefault(item.category.name, []).append(form[f"item-{item.pk}"])
    return list(groups.items())
