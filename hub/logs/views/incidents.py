"""The page for incidents: what kind, and what the team needs."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.desk.access import desk_access_required
from hub.desk.script_config import build_script_config
from hub.logs.forms.incidents import IncidentForm
from hub.logs.views.base import build_initial, can_undo, get_writable_months, redirect_and_remember, write_entry


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_incident(request: HttpRequest) -> HttpResponse:
    """Write an incident. There is no box for words: people who were there tell the team, not the database."""
    months = get_writable_months(request)
    if request.method != "POST":
        return _render_form(request, IncidentForm(months, initial=build_initial(months)))
    form = IncidentForm(months, request.POST)
    status, ids = write_entry(form)
    if status != HTTPStatus.FOUND:
        return _render_form(request, form, status=status)
    return redirect_and_remember(request, "incidents", ids, _("Written down. Look after each other."))


def _render_form(request: HttpRequest, form: IncidentForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "config": build_script_config(), "undo": can_undo(request, "incidents")}
    return render(request, "hub/logs/incidents/form.html", context, status=status)
