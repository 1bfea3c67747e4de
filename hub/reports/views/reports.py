"""Pages of reports for coordinators: the true figures, and making a shareable report from them."""

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
from hub.reports.charts import build_charts, build_headlines, format_figure, format_tables
from hub.reports.document import compared_periods, rows_to_show
from hub.reports.forms import WordsForm
from hub.reports.models.drafts import Draft, refuse_incomplete
from hub.reports.models.editions import Edition
from hub.reports.query import fetch_figures
from hub.reports.rows import Figures, Section
from hub.reports.sections import SECTIONS
from supplies.models import CompletedMonth
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.workers import worker_is_alive

View = Callable[[HttpRequest, Period], HttpResponse]


def complete_period_required(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Pass the period in the address to a view; answer an invalid or incomplete one with the reasons."""

    @wraps(view)
    def wrapped_view(request: HttpRequest, written_period: str) -> HttpResponse:
        try:
            period = Period.read(written_period)
        except ValueError:
            reasons = [_("There is no such period. A report is about a month, a quarter or a year.")]
            return render(request, "hub/reports/reports/refused.html", {"reasons": reasons}, status=404)
        try:
            refuse_incomplete(period)
        except NotAllowed as refusal:
            over = period.end <= timezone.localdate()
            reasons = refusal.reasons if over else [_("%(period)s is not over yet.") % {"period": period.label}]
            context = {"reasons": reasons, "period": period, "is_incomplete": over}
            return render(request, "hub/reports/reports/refused.html", context, status=409)
        return view(request, period)

    return wrapped_view


publishers_only = permission_required("hub.publish_edition", raise_exception=True)


@publishers_only
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Every complete period, the latest first, with its edition and draft."""
    completed = sorted(CompletedMonth.objects.values_list("month", flat=True), reverse=True)
    published = {edition.period: edition for edition in Edition.objects.newest().defer("facts", "tables")}
    begun = {draft.period for draft in Draft.objects.defer("facts", "tables")}
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
    """The true figures of a period, month by month, for this screen only."""
    figures = fetch_figures(SECTIONS, min(period.a_year_before.first, period.before.first), period.end)
    months = [Period(month, Span.MONTH) for month in period.months] if period.span > Span.MONTH else []
    beside = compared_periods(period)
    return render(
        request,
        "hub/reports/reports/true.html",
        {
            "period": period,
            "tables": [_true_table(section, figures, months, beside) for section in SECTIONS],
            "heads": [column.short for column in (*months, *beside)],
            "edition": Edition.objects.of(period).defer("facts", "tables").first(),
            "draft": Draft.objects.of(period),
        },
    )


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
@complete_period_required
def share(request: HttpRequest, period: Period) -> HttpResponse:
    """The draft of a period: GET shows its progress and its tables, POST begins it."""
    if request.method == "POST":
        Draft.objects.begin(period)
        return redirect("hub:report-share", str(period))
    return _share_page(request, period)


@publishers_only
@require_POST
@complete_period_required
def save_words(request: HttpRequest, period: Period) -> HttpResponse:
    """Save the texts of the draft."""
    return _save_and_publish(request, period, publish=False)


@publishers_only
@require_POST
@complete_period_required
def publish(request: HttpRequest, period: Period) -> HttpResponse:
    """Save the texts, and publish the draft."""
    return _save_and_publish(request, period, publish=True)


def _save_and_publish(request: HttpRequest, period: Period, *, publish: bool) -> HttpResponse:
    draft = Draft.objects.of(period)
    if draft is None:
        messages.info(request, _("Nothing waits to be published for this period: somebody has done it, or not begun."))
        return redirect("hub:report-share", str(period))
    form = WordsForm(request.POST, instance=draft)
    if not form.is_valid():
        return _share_page(request, period, form=form, status=422)
    draft.write(learned=form.cleaned_data["learned"], argument=form.cleaned_data["argument"])
    if not publish:
        messages.success(request, _("Your words are kept."))
        return redirect("hub:report-share", str(period))
    try:
        edition = draft.publish()
    except NotAllowed as refusal:
        return _share_page(request, period, refused=refusal.reasons, status=409)
    messages.success(request, _("It is published. Everybody can see it now."))
    return redirect(edition)


def _share_page(
    request: HttpRequest,
    period: Period,
    *,
    form: WordsForm | None = None,
    refused: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    draft = Draft.objects.of(period)
    waiting = draft is not None and not draft.is_ready
    context = {
        "period": period,
        "draft": draft,
        "form": form or (WordsForm(instance=draft) if draft else None),
        "refused": refused,
        "edition": Edition.objects.of(period).defer("facts", "tables").first(),
        "lacks_worker": waiting and not worker_is_alive(),
        **(_public_context(draft) if draft and draft.is_ready else {}),
    }
    page = "hub/reports/reports/share.html" + (
        "#progress" if request.headers.get("HX-Target") == "progress" and waiting else ""
    )
    response = render(request, page, context, status=status)
    if request.headers.get("HX-Target") == "progress" and not waiting:
        # The draft is ready: reload the whole page.
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
    return response


def _public_context(draft: Draft) -> dict[str, Any]:
    return {
        "headlines": build_headlines(draft.tables),
        "charts": build_charts(draft.tables),
        "tables": format_tables(draft.tables, without_trend=True),
    }


def _find_complete_periods(completed: Iterable[Any]) -> list[Period]:
    months = frozenset(completed)
    periods = {Period.of(month, span) for month in months for span in Span}
    whole = [period for period in periods if months.issuperset(period.months)]
    return sorted(whole, key=lambda period: (period.first, period.span), reverse=True)


def _true_table(
    section: Section, figures: Figures, months: Sequence[Period], beside: Sequence[Period]
) -> dict[str, Any]:
    return {
        "slug": section.slug,
        "title": section.title,
        "source": section.source,
        "rows": [
            {
                "label": row.label,
                "group": row.group,
                "months": [format_figure(row.true_figure(figures, month), row.kind) for month in months],
                "cells": [format_figure(row.true_figure(figures, column), row.kind) for column in beside],
            }
            for row in rows_to_show(section, figures)
        ],
    }
