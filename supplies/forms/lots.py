"""Forms of lots: finding them, and recalling one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.shared.forms.fields import DayField

PAST, ASIDE, OLD = "past", "aside", "old"


class LotFilter(forms.Form):
    """Words in a number or an item, and a state; either can be left out."""

    words = forms.CharField(label=_("Lot number or item"), max_length=60, required=False, widget=forms.SearchInput())
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Everything in stock")),
            ("30", _("Use by: within 30 days")),
            ("60", _("Use by: within 60 days")),
            ("90", _("Use by: within 90 days")),
            ("180", _("Use by: within 180 days")),
            (PAST, _("Past their date")),
            (ASIDE, _("Set aside or recalled")),
            (OLD, _("Old editions")),
        ],
    )


class DateForm(forms.Form):
    """The right use-by date of a lot, and what was wrong."""

    expires_on = DayField(label=_("Use by, as on the box"), month_is_enough=True)
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=50,
        help_text=_("For example: misread, typed 2026 for 2027. Never about a person."),
    )


class RecallForm(forms.Form):
    """The reason of a recall; it stands on the notice."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("It is on the notice for the wall: what the maker says, and where that is written."),
    )
