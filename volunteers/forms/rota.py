"""What is asked about the rota as a whole: a stretch of days, and a break."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.forms.refusing import RefusableForm, day_input
from volunteers.models import User

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


class DayRangeForm(RefusableForm):
    """From one day to another, both included."""

    first = forms.DateField(label=_("From"), widget=day_input())
    last = forms.DateField(label=_("Until"), widget=day_input())

    def clean(self) -> dict[str, Any]:
        """The right way round, and in a century we plan for."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = asked.get("first"), asked.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and not EARLIEST <= day <= LATEST:
                self.add_error(name, ValidationError(_("Choose a day in this century.")))
        if first and last and last < first:
            self.add_error("last", ValidationError(_("That is before the first day.")))
        return asked


class BreakForm(forms.ModelForm):
    """Until when somebody takes a break; empty, they take none."""

    class Meta:
        model = User
        fields = ("on_break_until",)
        widgets = {"on_break_until": day_input()}

    def clean_on_break_until(self) -> dt.date | None:
        """A day to come, and not one nobody will live to see."""
        until: dt.date | None = self.cleaned_data["on_break_until"]
        today = timezone.localdate()
        if until and not today < until <= today + dt.timedelta(days=3 * 366):
            raise ValidationError(_("Choose a day after today, within three years."))
        return until
