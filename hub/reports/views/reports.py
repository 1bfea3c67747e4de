"""Pages of reports for coordinators: the true figures, and making a report for everybody from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.core.periods import Period, Span
from hub.disclosure.leaves import Publication
from hub.reports.charts import build_charts, build_headlines, format_figure, format_tables
from hub.reports.document import compared_periods, months_needed
from hub.reports.forms import PublishForm, WordsForm
from hub.reports.method import describe_method
from hub.reports.models.drafts import Draft
from hub.reports.models.editions import Edition
from hub.reports.models.publishing import (
    PublishedAlready,
    preview_report,
    publish_report,
    refuse_incomplete,
    start_publication,
)
from hub.reports.query import fetch_figures
from hub.reports.rows import Figures, ReportRow, Section
from hub.reports.sections import SECTIONS
from supplies.models import CompletedMonth
from volunteers.shared.refusals import NotAllowed

View = Callable[..., HttpResponse]


def complete_period_required(view: View) -> View:
    """Pass the period in the address to a view; answer an invalid or incomplete one with the reasons."""

    @wraps(view)
    def wrapped_view(request: HttpRequest, written_period: str, **arguments: Any) -> HttpResponse:
        try:
            period = Period.read(written_period)
        except ValueError:
            reasons = [_("There is no such period. A report covers a month, a quarter or a year.")]
            return render(request, "hub/reports/reports/refused.html", {"reasons": reasons}, status=404)
        try:
            refuse_incomplete(period)
        except NotAllowed as refusal:
            over = period.end <= timezone.localdate()
            reasons = refusal.reasons if over else [_("%(period)s is not over yet.") % {"period": period.label}]
            context = {"reasons": reasons, "period": period, "is_incomplete": over}
            return render(request, "hub/reports/reports/refused.html", context, status=409)
        return view(request, period, **arguments)

    return wrapped_view


publishers_only = permission_required("hub.publish_edition", raise_exception=True)


@publishers_only
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Every complete period, the latest first, with its edition and draft."""
    completed = sorted(CompletedMonth.objects.values_list("month", flat=True), reverse=True)
    published = {edition.period: edition for edition in Edition.objects.newest().defer("tables")}
    begun = {draft.period for draft in Draft.objects.all()}
    years: dict[int, dict[Span, list[dict[str, Any]]]] = {}
    for period in _find_complete_periods(completed):
        spans = years.setdefault(period.first.year, {span: [] for span in (Span.YEAR, Span.QUARTER, Span.MONTH)})
        spans[period.span].append(
            {"period": period, "edition": published.get(period), "has_draft": period in begun},
        )
    shown = [(year, [rows for rows in spans.values() if rows]) for year, spans in years.items()]
    return render(request, "hub/reports/reports/list.html", {"years": shown, "nothing": not completed})


@publishers_only
@require_GET
@complete_period_required
def report(request: HttpRequest, period: Period) -> HttpResponse:
    """The true figures of a period, month by month, each beside how it would be shown. For this screen only."""
    figures = fetch_figures(SECTIONS, *months_needed(period))
    publication = start_publication(figures, period)
    months = [Period(month, Span.MONTH) for month in period.months] if period.span > Span.MONTH else []
    columns = [*months, *compared_periods(period)]
    return render(
        request,
        "hub/reports/reports/true.html",
        {
            "period": period,
            "tables": [_build_true_table(section, figures, publication, columns) for section in SECTIONS],
            "heads": [column.short for column in columns],
            "main": len(months),
            "editions": Edition.objects.of(period).defer("tables"),
            "draft": Draft.objects.of(period),
            "method": describe_method(),
        },
    )


@publishers_only
@require_GET
@complete_period_required
def share(request: HttpRequest, period: Period) -> HttpResponse:
    """The report of a period as everybody would see it, and its words."""
    return _render_share(request, period)


@publishers_only
@require_POST
@complete_period_required
def save_words(request: HttpRequest, period: Period) -> HttpResponse:
    """Keep the words of a report for later."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _render_share(request, period, form=form, status=422)
    Draft.objects.keep(period, **form.cleaned_data)
    messages.success(request, _("Your words are saved."))
    return redirect("hub:report-share", str(period))


@publishers_only
@require_POST
@complete_period_required
def publish(request: HttpRequest, period: Period) -> HttpResponse:
    """Publish the report of a period with its words. Who comes second is led to what the first published."""
    form = PublishForm(request.POST)
    words = WordsForm(request.POST)
    if not form.is_valid():
        # Without what they looked at, they look at it again.
        refused = [_("Read it again, then publish.")] if words.is_valid() else []
        return _render_share(request, period, form=words, refused=refused, status=422)
    try:
        edition = publish_report(period, **form.cleaned_data)
    except PublishedAlready as refusal:
        messages.info(request, refusal.reasons[0])
        return redirect(refusal.edition)
    except NotAllowed as refusal:
        return _render_share(request, period, form=words, refused=refusal.reasons, status=409)
    messages.success(request, _("It is published. Everybody can see it now."))
    return redirect(edition)


@publishers_only
@require_http_methods(["POST"])
@complete_period_required
def withdraw(request: HttpRequest, period: Period, number: int) -> HttpResponse:
    """Hide an edition from everybody."""
    return _change_edition(request, period, number, Edition.withdraw, _("Only you can see it now."))


@publishers_only
@require_http_methods(["POST"])
@complete_period_required
def show_again(request: HttpRequest, period: Period, number: int) -> HttpResponse:
    """Show a withdrawn edition again."""
    return _change_edition(request, period, number, Edition.show_again, _("Everybody can see it again."))


def _change_edition(
    request: HttpRequest, period: Period, number: int, change: Callable[[Edition], None], done: str
) -> HttpResponse:
    edition = Edition.objects.of(period).defer("tables").filter(number=min(number, 2**15 - 1)).first()
    if edition is None:
        reasons = [_("There is no such edition of this period.")]
        return render(request, "hub/reports/reports/refused.html", {"reasons": reasons, "period": period}, status=404)
    change(edition)
    messages.success(request, done)
    return redirect("hub:report", str(period))


def _render_share(
    request: HttpRequest,
    period: Period,
    *,
    form: WordsForm | None = None,
    refused: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    preview = preview_report(period)
    edition = Edition.objects.of(period).defer("tables").first()
    context = {
        "period": period,
        "form": form or WordsForm(instance=Draft.objects.of(period)),
        "refused": refused,
        "edition": edition,
        "number": edition.number + 1 if edition else 1,
        "seen": preview.fingerprint,
        "headlines": build_headlines(preview.document),
        "charts": build_charts(preview.document),
        "tables": format_tables(preview.document, without_trend=True),
        "method": describe_method(),
    }
    return render(request, "hub/reports/reports/share.html", context, status=status)


def _find_complete_periods(completed: Iterable[Any]) -> list[Period]:
    months = frozenset(completed)
    periods = {Period.of(month, span) for month in months for span in Span}
    whole = [period for period in periods if months.issuperset(period.months)]
    return sorted(whole, key=lambda period: (period.first, period.span), reverse=True)


def _build_true_table(
    section: Section, figures: Figures, publication: Publication, columns: Sequence[Period]
) -> dict[str, Any]:
    rows = []
    for row in section.build_rows(figures):
        true = [row.true_figure(figures, column) for column in columns]
        is_listed = row.is_optional or row.kind == "share"
        # Most lines of long lists were never counted, nor shown: those are not looked at any closer.
        if is_listed and not any(true) and publication.shown_names.isdisjoint(row.parts):
            continue
        shown = [_find_shown(row, figures, publication, column) for column in columns]
        true_kind = "count" if row.kind == "share" else row.kind
        cells = [
            (format_figure(figure, true_kind), "" if cell is None else format_figure(cell, row.kind))
            for figure, cell in zip(true, shown, strict=True)
        ]
        rows.append({"label": row.label, "group": row.group, "cells": cells, "is_private": row.is_private})
    return {"slug": section.slug, "title": section.title, "source": section.source, "rows": rows}


def _find_shown(row: ReportRow, figures: Figures, publication: Publication, column: Period) -> Any:
    if row.is_private or row.grain(publication, column) > column.span:
        return None
    return row.build_cell(figures, publication, column)
