"""Typing a code on a device."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PairForm(forms.Form):
    """The code tonight's lead reads out."""

    code = forms.CharField(
        label=_("The code"),
        max_length=20,
        help_text=_("Eight letters and digits. The shift lead has it. Capitals and the dash do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
    )
