"""Public pages of the numbers: published editions only."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.core.periods import Period
from hub.languages.hub_of_request import hub_of
from hub.reports.charts import build_charts, build_headlines, format_tables
from hub.reports.downloads import write_csv, write_xlsx
from hub.reports.method import describe_method
from hub.reports.models.editions import Edition
from volunteers.shared.public_page import public_page

EDITION_TEMPLATE = "hub/reports/numbers/edition.html"
FILES = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@login_not_required
@require_safe
@public_page
def numbers(request: HttpRequest) -> HttpResponse:
    """The newest edition of every period, the latest period first."""
    return render(
        request,
        "hub/reports/numbers/list.html",
        {"editions": Edition.objects.newest().defer("tables"), "method": describe_method()},
    )


@login_not_required
@require_safe
@public_page
def latest(request: HttpRequest, written_period: str) -> HttpResponse:
    """The newest edition of a period."""
    return _edition_page(request, written_period, None, EDITION_TEMPLATE)


@login_not_required
@require_safe
@public_page
def edition(request: HttpRequest, written_period: str, number: int) -> HttpResponse:
    """One edition as it was published, with a link to a later one."""
    return _edition_page(request, written_period, number, EDITION_TEMPLATE)


@login_not_required
@require_safe
@public_page
def sheet(request: HttpRequest, written_period: str, number: int) -> HttpResponse:
    """One edition to print: cover, charts, tables and method."""
    return _edition_page(request, written_period, number, "hub/reports/numbers/sheet.html")


@login_not_required
@require_safe
@public_page
def download(request: HttpRequest, written_period: str, number: int, format: str) -> HttpResponse:  # noqa: A002 -- what the address calls it
    """The tables of an edition as CSV or XLSX."""
    edition = _find_edition(written_period, number)
    if edition is None or format not in FILES:
        return _not_found_page(request, known=edition is not None)
    write, content_type = FILES[format]
    response = HttpResponse(write(_file_heads(request, edition), edition.tables), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="numbers-{edition.period}-{edition.number}.{format}"'
    return response


def _edition_page(request: HttpRequest, written_period: str, number: int | None, template: str) -> HttpResponse:
    edition = _find_edition(written_period, number)
    if edition is None:
        return _not_found_page(request, known=False)
    later = Edition.objects.of(edition.period).public().defer("tables").first()
    context = {
        "edition": edition,
        "later": later if later != edition else None,
        "charts": build_charts(edition.tables),
        "headlines": build_headlines(edition.tables),
        "tables": format_tables(edition.tables, without_trend=template == EDITION_TEMPLATE),
        "method": describe_method(edition.threshold, edition.step),
    }
    return render(request, template, context)


def _find_edition(written_period: str, number: int | None) -> Edition | None:
    try:
        editions = Edition.objects.of(Period.read(written_period)).public()
    except ValueError:
        return None
    # A number beyond the range of the column would be an error of the database.
    if number is not None and number > 2**15 - 1:
        return None
    return (editions if number is None else editions.filter(number=number)).with_later().first()


def _file_heads(request: HttpRequest, edition: Edition) -> list[str]:
    about = {"hub": hub_of(request).name, "period": edition.period.label, "n": edition.number}
    return [
        _("%(hub)s: %(period)s") % about,
        _("Edition %(n)d, published on %(day)s") % {"n": edition.number, "day": f"{edition.published_on:%Y-%m-%d}"},
        *describe_method(edition.threshold, edition.step),
    ]


def _not_found_page(request: HttpRequest, *, known: bool) -> HttpResponse:
    text = (
        _("There is no such file. You can have CSV or XLSX.")
        if known
        else _("Nothing is published for that time. The list below shows what is published.")
    )
    context = {"editions": Edition.objects.newest().defer("tables"), "sentence": text, "method": describe_method()}
    return render(request, "hub/reports/numbers/list.html", context, status=404)
