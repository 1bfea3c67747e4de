"""What everybody may see: published editions, and nothing that is not in one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.core.periods import Period
from hub.languages.hub_of_request import hub_of
from hub.reports.charts import build_charts, build_headlines, format_tables
from hub.reports.downloads import as_csv, as_xlsx
from hub.reports.models.editions import Edition
from volunteers.shared.public_page import public_page

EDITION = "hub/reports/numbers/edition.html"
FILES = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@login_not_required
@require_safe
@public_page
def numbers(request: HttpRequest) -> HttpResponse:
    """Every period there is an edition of, the latest first."""
    return render(
        request, "hub/reports/numbers/list.html", {"editions": Edition.objects.newest().defer("facts", "tables")}
    )


@login_not_required
@require_safe
@public_page
def latest(request: HttpRequest, written_period: str) -> HttpResponse:
    """The edition of a period that holds now."""
    return _page(request, written_period, None, EDITION)


@login_not_required
@require_safe
@public_page
def edition(request: HttpRequest, written_period: str, number: int) -> HttpResponse:
    """One edition, as it was published. A later one is named."""
    return _page(request, written_period, number, EDITION)


@login_not_required
@require_safe
@public_page
def sheet(request: HttpRequest, written_period: str, number: int) -> HttpResponse:
    """One edition to print and hand over: cover, pictures, tables, and how it was counted."""
    return _page(request, written_period, number, "hub/reports/numbers/sheet.html")


@login_not_required
@require_safe
@public_page
def file(request: HttpRequest, written_period: str, number: int, format: str) -> HttpResponse:  # noqa: A002 -- what the address calls it
    """The same rows for a spreadsheet."""
    found = _find(written_period, number)
    if found is None or format not in FILES:
        return _nothing(request, known=found is not None)
    make, content_type = FILES[format]
    response = HttpResponse(make(_heads(request, found), found.tables), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="numbers-{found.period}-{found.number}.{format}"'
    return response


def _page(request: HttpRequest, written_period: str, number: int | None, template: str) -> HttpResponse:
    found = _find(written_period, number)
    if found is None:
        return _nothing(request, known=False)
    later = Edition.objects.of(found.period).defer("facts", "tables").first()
    context = {
        "edition": found,
        "later": later if later != found else None,
        "pictures": build_charts(found.tables),
        "headlines": build_headlines(found.tables),
        "tables": format_tables(found.tables, pictured=template == EDITION),
    }
    return render(request, template, context)


def _find(written_period: str, number: int | None) -> Edition | None:
    try:
        editions = Edition.objects.of(Period.read(written_period)).defer("facts")
    except ValueError:
        return None
    # Not a number a column can hold is a number no edition has.
    if number is not None and number > 2**15 - 1:
        return None
    return (editions if number is None else editions.filter(number=number)).with_later().first()


def _heads(request: HttpRequest, found: Edition) -> list[str]:
    about = {"hub": hub_of(request).name, "period": found.period.label, "n": found.number}
    return [
        _("%(hub)s: %(period)s") % about,
        _("Edition %(n)d, published on %(day)s") % {"n": found.number, "day": f"{found.published_on:%Y-%m-%d}"},
        _("* is 1 to 7, or a number hidden beside one. Other numbers about people are to the nearest 5."),
    ]


def _nothing(request: HttpRequest, *, known: bool) -> HttpResponse:
    text = (
        _("There is no such file of it. It comes as CSV and as XLSX.")
        if known
        else _("Nothing is published for that. What is published is listed below.")
    )
    context = {"editions": Edition.objects.newest().defer("facts", "tables"), "sentence": text}
    return render(request, "hub/reports/numbers/list.html", context, status=404)
