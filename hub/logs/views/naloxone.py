"""Naloxone given, in five taps at most."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hub.desk.access import at_the_desk, desk_of
from hub.desk.trained_only import who_may
from hub.logs.forms.naloxone import NaloxoneForm
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.views.base import blank, can_undo, months_of, written


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def naloxone(request: HttpRequest) -> HttpResponse:
    """Which product, how many kits, and whatever they like to say."""
    months = months_of(request)
    if request.method != "POST":
        return _page(request, NaloxoneForm(months, initial=blank(request)))
    form = NaloxoneForm(months, request.POST)
    if form.is_valid():
        given: dict[str, Any] = form.given()
        try:
            rows = NaloxoneGiven.objects.give(given.pop("product"), given.pop("kits"), **given)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            kits = sum(row.kits for row in rows)
            said = ngettext("Written down: %(n)d kit.", "Written down: %(n)d kits.", kits) % {"n": kits}
            return written(request, "naloxone", [row.pk for row in rows] or [given["id"]], said)
    return _page(request, form, status=422)


def _page(request: HttpRequest, form: NaloxoneForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "undo": can_undo(request, "naloxone"), "who_may": who_may(request, desk_of(request))}
    return render(request, "hub/logs/naloxone/form.html", context, status=status)
