"""Asked for, and not there: counted by month, in a write of its own, so that no visit can be told from it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.forms.missing import MissingForm
from hub.models.logs import this_month
from hub.views.at_the_desk import at_the_desk
from supplies.models import Shortfall


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    """What somebody asked for and could not have, and why."""
    form = MissingForm(request.POST or None)
    if form.is_valid():
        try:
            Shortfall.objects.note(month=this_month(), **form.said())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Counted. It says what we should stock."))
            return redirect("hub:desk")
    return render(request, "hub/missing/form.html", {"form": form}, status=422 if form.is_bound else 200)
