"""Pages of shortfalls by month, and of the wishes the desk can tap."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from supplies.forms.refusals import run_if_valid
from supplies.forms.shortfalls import ShortfallForm, WishForm
from supplies.models import Shortfall, Wish
from supplies.requests import AuthenticatedRequest


@permission_required("supplies.see_shortfalls", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def shortfalls(request: AuthenticatedRequest) -> HttpResponse:
    """The last twelve months, true figures; and a form to add a paper tally."""
    form = ShortfallForm(request.POST or None)
    if run_if_valid(form, lambda: Shortfall.objects.note(**form.note)):
        messages.success(request, _("Counted."))
        return redirect("supplies:shortfalls")
    return _page(request, form=form, status=422 if form.errors else 200)


@permission_required("supplies.see_shortfalls", raise_exception=True)
@require_POST
def add_wish(request: AuthenticatedRequest) -> HttpResponse:
    """Add a wish for the desk."""
    form = WishForm(request.POST)
    if not form.is_valid():
        return _page(request, wish_form=form, status=422)
    form.save()
    messages.success(request, _("Added. The desk can count it now."))
    return redirect("supplies:shortfalls")


@permission_required("supplies.see_shortfalls", raise_exception=True)
@require_POST
def wish(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a wish off the desk's list, or put it back on."""
    get_object_or_404(Wish, pk=pk).switch(on="on" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("supplies:shortfalls")


def _page(request: AuthenticatedRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    since = dt.date(today.year - 1, today.month, 1) + dt.timedelta(days=31)
    rows = Shortfall.objects.filter(month__gte=since.replace(day=1)).select_related("item", "wish")
    by_month = groupby(rows.order_by("-month", "-number", "reason", "pk"), key=lambda row: row.month)
    shown: dict[str, Any] = {
        "months": [(month, list(group)) for month, group in by_month],
        "wishes": Wish.objects.all(),
        "wish_form": WishForm(),
    }
    if "form" not in forms:
        shown["form"] = ShortfallForm()
    return render(request, "supplies/shortfalls/list.html", shown | forms, status=status)
