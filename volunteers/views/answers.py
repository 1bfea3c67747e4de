"""Answering when one can: all shifts of a period on one page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from volunteers.forms.periods import AnswersForm
from volunteers.models import Availability, RotaPeriod, Signup, WantedShifts
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def edit_answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer yes, if needed or no per shift; it can be changed until the rota is published."""
    period = get_object_or_404(RotaPeriod.objects.open(), pk=pk)
    shifts = list(period.shifts())
    mine = set(Signup.objects.live().filter(person=request.user, shift__in=shifts).values_list("shift", flat=True))
    answers = dict(Availability.objects.filter(person=request.user, shift__in=shifts).values_list("shift", "answer"))
    wish = WantedShifts.objects.filter(person=request.user, period=period).first()
    form = AnswersForm(
        request.POST if request.method == "POST" else None,
        shifts=[shift for shift in shifts if shift.pk not in mine],
        answers=answers,
        wanted=wish.wanted if wish else None,
    )
    status, reasons = 422 if form.is_bound else 200, []
    if form.is_valid():
        try:
            period.answer(request.user, form.answers(), form.cleaned_data["wanted"])
        except NotAllowed as refusal:
            status, reasons = 409, refusal.reasons
        else:
            messages.success(request, _("Thank you. You can change it until the rota is published."))
            return redirect("periods:answers", pk)
    shown = {
        "period": period,
        "form": form,
        "reasons": reasons,
        "mine": [shift for shift in shifts if shift.pk in mine],
        "answered": len(answers),
        "asked": period.people().filter(pk=request.user.pk).exists(),
    }
    return render(request, "volunteers/periods/answers.html", shown, status=status)
