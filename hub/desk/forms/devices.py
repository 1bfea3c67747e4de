"""Typing a code on a device."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PairForm(forms.Form):
    """The code tonight's lead reads out."""

    code = forms.CharField(
        label=_("The code"),
        max_length=20,
        help_text=_("Eight letters and digits, from tonight’s lead. Small or capital, with the dash or without."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
    )
