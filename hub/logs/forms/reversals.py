"""The form for an overdose somebody reversed: nothing has to be answered."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.logs.forms.base import LogForm, YesNoField, build_choice_field
from hub.logs.models.reversals import Reversal
from volunteers.shared import locality


class ReversalForm(LogForm):
    """Four questions, each of them optional."""

    doses = forms.TypedChoiceField(
        label=_("How many doses"),
        choices=[("", _("Not asked")), *((str(n), str(n)) for n in range(1, 7))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    called_999 = YesNoField(locality.put_number(_("Was {number} called?")))
    place = build_choice_field(Choice.Of.PLACE, _("What kind of place"))
    outcome = build_choice_field(Choice.Of.OUTCOME, _("How it ended"))

    def write(self) -> list[uuid.UUID]:
        """Write the reversal down."""
        Reversal.objects.report(**self.cleaned_data)
        return [self.cleaned_data["id"]]
