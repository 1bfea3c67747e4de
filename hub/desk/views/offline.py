"""The desk without a network: the page its service worker keeps, the worker itself, and the manifest."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.desk.access import desk_access_required, get_opening
from hub.desk.forms.visits import VisitForm
from hub.desk.models.questions import Question
from hub.desk.script_config import build_script_config, describe_bundle
from hub.desk.tiles import build_desk_context
from hub.desk.trained_only import describe_trained_unknown
from supplies.models import Item

KEPT = ("hub:desk-emergency", "hub:desk-sheets")
"""Pages that a device keeps under their own address."""

FONTS = (
    "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    "fonts/bricolage-grotesque-latin-800-normal.woff2",
)
"""Files that the styles ask for. The page names all others itself."""


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


@login_not_required
@require_safe
def serve_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It names files that anybody may fetch, and nothing else."""
    files = _list_files()
    context = {
        "files": json.dumps(files),
        "pages": json.dumps({reverse("hub:desk"): reverse("hub:desk-shell"), **dict.fromkeys(map(reverse, KEPT), "")}),
        "version": hashlib.sha256(" ".join(files).encode()).hexdigest()[:16],
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


@cache
def _list_files() -> list[str]:
    """Every file the kept page is made of, by the name it has in this version."""
    page = render_to_string("hub/desk/desk/desk.html", {"shell": True, "config": build_script_config()})
    named = re.findall(rf'(?:href|src)="({re.escape(settings.STATIC_URL)}[^"#]+)', page)
    return sorted({*named, *map(static, FONTS)})
