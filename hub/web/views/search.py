"""Search for those signed in: one box for people, shifts, items, sessions, services, pages and settings."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import hub.web.pages_by_name  # noqa: F401 -- it registers the pages
from hub.web.forms import SiteSearchForm
from volunteers.shared.registries import searching
from volunteers.shared.requests import SignedInRequest

LIST = "found"


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """What this person may open and looks for, kind by kind; a script asks for the list alone."""
    form = SiteSearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {"form": form, "words": words, "groups": searching.search(request.user, words)}
    if not words:
        context["pages"] = searching.pages_for(request.user)
    template = "hub/web/search/page.html" + (f"#{LIST}" if request.headers.get("HX-Target") == LIST else "")
    return render(request, template, context, status=422 if form.errors else 200)
