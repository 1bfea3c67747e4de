"""Pages of the directory: searching it in public, editing and checking its services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hub.core.form_saving import save_form
from hub.directory.forms.services import PathwayFilter, PathwayForm
from hub.directory.models.services import Pathway, PathwayQuerySet, group_services
from volunteers.shared.public_page import public_page

MAX_OPEN = 12
"""The number of services up to which all groups are unfolded: more fill more screens than anybody reads."""


@login_not_required
@require_safe
@public_page
def pathways(request: HttpRequest) -> HttpResponse:
    """The services by kind, with search and filters."""
    today = timezone.localdate()
    form = PathwayFilter(request.GET)
    context = _filter_pathways(form, Pathway.objects.shown(today), today)
    fragment = "#found" if request.headers.get("HX-Target") == "found" else ""
    return render(request, "hub/directory/services/list.html" + fragment, context, status=422 if form.errors else 200)


@require_GET
@permission_required("hub.staff_desk", raise_exception=True)
def manage(request: HttpRequest) -> HttpResponse:
    """The directory for the desk, also hidden services, by what needs a check."""
    today, days = timezone.localdate(), Pathway.days_between_checks()
    everything = list(Pathway.objects.by_kind())
    to_check = {pathway.pk for pathway in Pathway.objects.to_check(days, today)}
    only = request.GET.get("only") == "check"
    context = {
        "pathways": [pathway for pathway in everything if not only or pathway.pk in to_check],
        "to_check": to_check,
        "only": only,
        "all": len(everything),
        "days": days,
        "today": today,
    }
    return render(request, "hub/directory/services/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("hub.add_pathway", raise_exception=True)
def new(request: HttpRequest) -> HttpResponse:
    """Add a service."""
    return _pathway_form_page(request, Pathway())


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("hub.change_pathway", raise_exception=True)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a service."""
    return _pathway_form_page(request, get_object_or_404(Pathway, pk=pk))


@permission_required("hub.check_pathway", raise_exception=True)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a check of a service today."""
    pathway = get_object_or_404(Pathway, pk=pk)
    pathway.check_today()
    messages.success(request, _("Thank you. “%(name)s” is marked as checked today.") % {"name": pathway.name})
    return redirect("hub:pathways-manage")


def _filter_pathways(form: PathwayFilter, shown: PathwayQuerySet, today: dt.date) -> dict[str, Any]:
    form.is_valid()
    filters = form.cleaned_data
    matching = shown.of_kind(filters.get("kind"))
    if filters.get("safe"):
        matching = matching.safe_whatever_status()
    if filters.get("no_police"):
        matching = matching.without_police()
    pathways = matching.search(filters.get("words", ""))
    groups = group_services(pathways, Pathway.days_between_checks(), today)
    is_filtered = any(filters.values())
    return {
        "form": form,
        "pathways": [service for group in groups for service in group.services],
        "groups": groups,
        "is_filtered": is_filtered,
        "is_open": is_filtered or len(pathways) <= MAX_OPEN,
    }


def _pathway_form_page(request: HttpRequest, pathway: Pathway) -> HttpResponse:
    form = PathwayForm(request.POST or None, instance=pathway)
    if request.method == "POST" and save_form(form):
        messages.success(request, _("Saved."))
        return redirect("hub:pathways-manage")
    context = {"form": form, "is_new": pathway.pk is None}
    return render(request, "hub/directory/services/form.html", context, status=422 if form.errors else 200)
