"""Pages for strip results, with the limits of each kind of strip beside them, and for the kinds."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.core.form_saving import save_form
from hub.desk.access import desk_access_required
from hub.desk.script_config import build_script_config
from hub.logs.forms.strips import StripForm, StripResultForm
from hub.logs.models.strips import Strip
from hub.logs.views.base import build_initial, can_undo, get_writable_months, redirect_and_remember, write_entry


@desk_access_required
@require_GET
def list_strips(request: HttpRequest) -> HttpResponse:
    """List the kinds of strip: the first tap says which it was."""
    context = {
        "strips": Strip.objects.offered(),
        "undo": can_undo(request, "strips"),
        "asked": request.GET.get("month", ""),
    }
    return render(request, "hub/logs/strips/kinds.html", context)


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the result of a strip. Its limits stand beside the form."""
    strip = get_object_or_404(Strip.objects.offered(), pk=pk)
    months = get_writable_months(request)
    if request.method != "POST":
        return _render_form(request, strip, StripResultForm(strip, months, initial=build_initial(months)))
    form = StripResultForm(strip, months, request.POST)
    status, ids = write_entry(form)
    if status != HTTPStatus.FOUND:
        return _render_form(request, strip, form, status=status)
    return redirect_and_remember(request, "strips", ids, _("Written down. No strip can promise anything."))


@permission_required("hub.change_choice", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_strip(request: HttpRequest) -> HttpResponse:
    """Add a kind of strip."""
    return _edit_strip(request, Strip())


@permission_required("hub.change_choice", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def change_strip(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a kind of strip, and its limits."""
    return _edit_strip(request, get_object_or_404(Strip, pk=pk))


def _edit_strip(request: HttpRequest, strip: Strip) -> HttpResponse:
    form = StripForm(request.POST or None, instance=strip)
    if request.method == "POST" and save_form(form):
        messages.success(request, _("Saved."))
        return redirect("hub:lists")
    return render(request, "hub/logs/strips/form.html", {"form": form}, status=422 if form.errors else 200)


def _render_form(request: HttpRequest, strip: Strip, form: StripResultForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "hub/logs/strips/result.html",
        {"strip": strip, "form": form, "config": build_script_config()},
        status=status,
    )
