"""The desk without a network: the page its service worker keeps, the worker itself, and the manifest."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.desk.access import desk_access_required, get_opening
from hub.desk.forms.visits import VisitForm
from hub.desk.kept_files import VERSION_HEADER, compute_version, list_files
from hub.desk.models.questions import Question
from hub.desk.script_config import build_script_config, describe_bundle
from hub.desk.tiles import build_desk_context
from hub.desk.trained_only import describe_trained_unknown
from supplies.models import Item

KEPT_PAGES = {
    "hub:desk": "hub:desk-shell",
    "hub:desk-emergency": "hub:desk-emergency",
    "hub:desk-sheets": "hub:desk-sheets",
    "hub:desk-no-wifi": "hub:desk-no-wifi",
}
"""Pages a device keeps: the page that is asked for, and the one that is kept for it, with nobody and no count in it."""


@desk_access_required
@require_safe
def show_shell(request: HttpRequest) -> HttpResponse:
    """The desk as a device keeps it: its tiles and which opening it is for. No counts, no token, nobody's name."""
    opening = get_opening(request)
    form = VisitForm(Item.objects.at_the_desk(), asked=Question.objects.asked())
    context = {
        **build_desk_context(form, _build_hint),
        "shell": True,
        "config": build_script_config(opening, None, form.items) | {"kept": True},
    }
    return render(request, "hub/desk/desk/desk.html", context)


def _build_hint(item: Item) -> str:
    if item.is_bundle:
        return describe_bundle(item)
    return describe_trained_unknown() if item.trained_only else ""


@desk_access_required
@require_safe
def show_no_wifi(request: HttpRequest) -> HttpResponse:
    """The page in place of any other at the desk while there is no network: what to do meanwhile."""
    return render(request, "hub/desk/offline/no_wifi.html")


@login_not_required
@require_safe
def serve_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It names files that anybody may fetch, and nothing else."""
    context = {
        "files": json.dumps(list_files()),
        "pages": json.dumps({reverse(page): reverse(kept) for page, kept in KEPT_PAGES.items()}),
        "no_wifi": json.dumps(reverse("hub:desk-no-wifi")),
        "scope": json.dumps(reverse("hub:desk")),
        "header": json.dumps(VERSION_HEADER),
        "version": compute_version(),
    }
    response = render(request, "hub/desk/offline/worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def serve_manifest(request: HttpRequest) -> HttpResponse:
    """The manifest: the name of the desk on a home screen, which does not say what it is for."""
    response = render(request, "hub/desk/offline/manifest.json", content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response
