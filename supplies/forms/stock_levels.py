"""The filter of the shelf."""

from django import forms
from django.utils.translation import gettext_lazy as _

from supplies.models import Category, StockState

TO_ORDER = "to_order"


class ShelfFilter(forms.Form):
    """Words, a category and a state to narrow the shelf by; any can be left out."""

    words = forms.CharField(label=_("Find"), max_length=60, required=False, widget=forms.SearchInput())
    category = forms.ModelChoiceField(
        label=_("Which shelf"),
        queryset=Category.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("Every shelf"),
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("Everything")), *StockState.choices, (TO_ORDER, _("Time to order"))],
        required=False,
    )
