"""Charts of the true figures, for coordinators: on the screen, on paper, and as a file. Each is marked."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.reports.forms import RangeForm
from hub.reports.query import fetch_figures
from hub.reports.true_charts import (
    SECTIONS,
    build_file_rows,
    build_true_charts,
    build_true_rows,
    list_incomplete,
)
from supplies.models import CompletedMonth
from supplies.spreadsheets import csv_file

publishers_only = permission_required("hub.publish_edition", raise_exception=True)


@publishers_only
@require_GET
def charts(request: HttpRequest) -> HttpResponse:
    """Charts of any range of completed months; without a choice, of the last twelve."""
    form = _read_form(request)
    if not form.is_valid():
        return _render_form(request, form)
    months = form.months
    figures = fetch_figures(SECTIONS, months.first, months.end)
    context = {
        "form": form,
        "months": months,
        "charts": build_true_charts(build_true_rows(figures, months), months),
        "incomplete": list_incomplete(figures, months),
        "query": form.query,
    }
    return render(request, "hub/reports/reports/charts.html", context)


@publishers_only
@require_GET
def download_charts(request: HttpRequest) -> HttpResponse:
    """The figures of these charts as a CSV, month by month, marked in its first row."""
    form = _read_form(request)
    if not form.is_valid():
        return _render_form(request, form)
    months = form.months
    figures = fetch_figures(SECTIONS, months.first, months.end)
    heads = [
        [_("True figures, do not share: small numbers can show who somebody is.")],
        [str(months)],
        *(
            [_("Not complete, so not counted: %(months)s.") % {"months": month}]
            for month in list_incomplete(figures, months)
        ),
        [],
    ]
    rows = build_file_rows(build_true_rows(figures, months), months)
    return csv_file(f"true-figures-{months.first:%Y-%m}-{months.last:%Y-%m}", [*heads, *rows])


def _read_form(request: HttpRequest) -> RangeForm:
    return RangeForm([*CompletedMonth.objects.order_by("month").values_list("month", flat=True)], request.GET)


def _render_form(request: HttpRequest, form: RangeForm) -> HttpResponse:
    """The page without charts: nothing is complete yet, or the range is wrong."""
    is_new = not form.completed and request.resolver_match and request.resolver_match.url_name == "report-charts"
    return render(request, "hub/reports/reports/charts.html", {"form": form}, status=200 if is_new else 422)
