"""The page for overdoses that somebody reversed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.desk.access import desk_access_required
from hub.desk.script_config import build_script_config
from hub.logs.forms.reversals import ReversalForm
from hub.logs.views.base import build_initial, can_undo, get_writable_months, redirect_and_remember, write_entry


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_reversal(request: HttpRequest) -> HttpResponse:
    """Write a reversal. Nothing has to be answered: that it happened is enough."""
    months = get_writable_months(request)
    if request.method != "POST":
        return _render_form(request, ReversalForm(months, initial=build_initial(months)))
    form = ReversalForm(months, request.POST)
    status, ids = write_entry(form)
    if status != HTTPStatus.FOUND:
        return _render_form(request, form, status=status)
    return redirect_and_remember(request, "reversals", ids, _("Written down. Thank the person who told you."))


def _render_form(request: HttpRequest, form: ReversalForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "config": build_script_config(), "undo": can_undo(request, "reversals")}
    return render(request, "hub/logs/reversals/form.html", context, status=status)
