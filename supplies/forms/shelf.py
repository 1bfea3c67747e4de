"""What somebody looks for on the shelf."""

from django import forms
from django.utils.translation import gettext_lazy as _

from supplies.models import State


class ShelfFilter(forms.Form):
    """Words and a state to narrow the shelf by; either can be left out."""

    words = forms.CharField(label=_("Find"), max_length=60, required=False, widget=forms.SearchInput())
    state = forms.ChoiceField(label=_("How it stands"), choices=[("", _("Everything")), *State.choices], required=False)
