"""Forms for days of the rota, and for a break."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.forms.refusing import RefusableForm
from volunteers.models import User
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


class DayRangeForm(RefusableForm):
    """A first and a last day, both included."""

    first = DayField(label=_("From"))
    last = DayField(label=_("Until"))

    def clean(self) -> dict[str, Any]:
        """The first day has to come first, and both in this century."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = asked.get("first"), asked.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and not EARLIEST <= day <= LATEST:
                self.add_error(name, ValidationError(_("Choose a day in this century.")))
        if first and last and last < first:
            self.add_error("last", ValidationError(_("That is before the first day.")))
        return asked


class BreakForm(EditForm, forms.ModelForm):
    """The day a person's break ends; empty for no break."""

    class Meta:
        model = User
        fields = ("on_break_until",)
        field_classes = {"on_break_until": DayField}

    def clean_on_break_until(self) -> dt.date | None:
        """The day has to be ahead, and within three years."""
        until: dt.date | None = self.cleaned_data["on_break_until"]
        today = timezone.localdate()
        if until and not today < until <= today + dt.timedelta(days=3 * 366):
            raise ValidationError(_("Choose a day after today, within three years."))
        return until
