"""The page on which an appeal is written: what the public page asks money for, from one fund."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from supplies.forms.appeals import AppealForm
from supplies.models import Appeal, Fund
from supplies.requests import AuthenticatedRequest


@permission_required("supplies.see_money", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write the appeal of a fund, and see it as everybody will. A closed fund asks for nothing."""
    fund = get_object_or_404(Fund, pk=pk)
    kept = Appeal.objects.filter(fund=fund).first() or Appeal(fund=fund, words=fund.purpose)
    form = AppealForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        written = form.save()
        shown = written.shown and fund.closed_on is None
        messages.success(
            request, _("The front page asks for it now.") if shown else _("Saved. Nobody outside sees it.")
        )
        return redirect("supplies:fund-appeal", pk)
    seen = Appeal.objects.shown(timezone.localdate()).filter(fund=fund).first()
    context = {"fund": fund, "form": form, "seen": seen}
    return render(request, "supplies/appeals/form.html", context, status=422 if form.errors else 200)
