"""The logs of the desk as sheets: a page that a device keeps, so that they open over the desk, without wifi too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.core.periods import opening_month
from hub.desk.access import desk_access_required
from hub.desk.forms.shortfalls import DeskShortfallForm
from hub.logs.forms.naloxone import NaloxoneForm
from hub.logs.forms.reversals import ReversalForm
from hub.logs.forms.strips import StripSheetForm


@desk_access_required
@require_safe
def show_sheets(request: HttpRequest) -> HttpResponse:
    """Every form that opens over the desk, empty. No token, no id, nobody's name: the same for everybody."""
    months = [opening_month()]
    context = {
        "naloxone": NaloxoneForm(months, auto_id="naloxone-%s", preselect=True),
        "reversal": ReversalForm(months, auto_id="reversal-%s"),
        "strip": StripSheetForm(months, auto_id="strip-%s"),
        "shortfall": DeskShortfallForm(auto_id="missing-%s"),
    }
    return render(request, "hub/logs/sheets/page.html", context)
