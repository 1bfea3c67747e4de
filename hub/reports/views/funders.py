"""A page to print for a funder: chosen tables of one edition, with its words. Published figures and nothing else."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hub.core.periods import Period
from hub.reports.charts import build_charts, build_headlines, format_tables
from hub.reports.forms import FunderForm
from hub.reports.method import describe_method
from hub.reports.models.editions import Edition
from hub.reports.views.reports import complete_period_required, publishers_only
from supplies.models import Fund
from volunteers.shared.qr import qr_code
from volunteers.shared.requests import SignedInRequest


@publishers_only
@require_GET
@complete_period_required
def show_funder_sheet(request: SignedInRequest, period: Period, number: int) -> HttpResponse:
    """The sheet for a funder. What is withdrawn is handed to nobody; nothing about anybody who gave is read."""
    edition = Edition.objects.of(period).public().filter(number=min(number, 2**15 - 1)).with_later().first()
    if edition is None:
        raise Http404
    tables = [table for table in format_tables(edition.tables) if table["rows"]]
    funds = Fund.objects.all() if request.user.has_perm("supplies.see_money") else Fund.objects.none()
    form = FunderForm(tables, funds, request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    link = settings.SITE_URL.rstrip("/") + edition.get_absolute_url()
    context = {
        "form": form,
        "edition": edition,
        "fund": chosen.get("fund"),
        "tables": [table for table in tables if table["slug"] in chosen.get("tables", form.fields["tables"].initial)],
        "headlines": build_headlines(edition.tables),
        "charts": build_charts(edition.tables) if chosen.get("charts", True) else [],
        "method": describe_method(edition.threshold, edition.step),
        "link": link,
        "square": qr_code(link),
    }
    return render(request, "hub/reports/reports/funder.html", context, status=422 if form.errors else 200)
