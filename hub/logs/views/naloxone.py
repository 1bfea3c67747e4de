"""The page for naloxone given, in five taps at most."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hub.desk.access import desk_access_required, get_opening
from hub.desk.script_config import build_script_config
from hub.desk.trained_only import describe_trained
from hub.logs.forms.naloxone import NaloxoneForm
from hub.logs.views.base import build_initial, can_undo, get_writable_months, redirect_and_remember, write_entry


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_naloxone(request: HttpRequest) -> HttpResponse:
    """Write naloxone given: the product, the kits, and optional facts."""
    months = get_writable_months(request)
    if request.method != "POST":
        return _render_form(request, NaloxoneForm(months, initial=build_initial(months)))
    form = NaloxoneForm(months, request.POST)
    status, ids = write_entry(form)
    if status != HTTPStatus.FOUND:
        return _render_form(request, form, status=status)
    kits = form.build_row()["kits"]
    message = ngettext("Written down: %(n)d kit.", "Written down: %(n)d kits.", kits) % {"n": kits}
    return redirect_and_remember(request, "naloxone", ids, message)


def _render_form(request: HttpRequest, form: NaloxoneForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "config": build_script_config(),
        "undo": can_undo(request, "naloxone"),
        "who_may": describe_trained(request, get_opening(request)),
    }
    return render(request, "hub/logs/naloxone/form.html", context, status=status)
