"""A form with one field of every kind, for the page that shows them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.shared.forms.fields import DayField, WholeField


class Specimen(forms.Form):
    """Nothing here is kept."""

    name = forms.CharField(label=_("What people call you"), max_length=60, help_text=_("It can be any name."))
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    day = DayField(label=_("Which day"))
    packs = WholeField(
        label=_("How many packs"), min_value=1, max_value=99, help_text=_("A pack is what comes in one box.")
    )
    shelf = forms.ChoiceField(
        label=_("Which shelf"), choices=[("desk", _("At the desk")), ("cupboard", _("Cupboard")), ("bag", _("Bag"))]
    )
    how = forms.ChoiceField(
        label=_("How shall we tell you?"),
        choices=[("mail", _("By mail")), ("here", _("Only here")), ("not", _("Not at all"))],
        widget=forms.RadioSelect,
        help_text=_("You can change it at any time."),
    )
    good_at = forms.MultipleChoiceField(
        label=_("What do you like doing?"),
        choices=[("desk", _("The desk")), ("tea", _("Tea")), ("packing", _("Packing"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(label=_("Anything to add"), widget=forms.Textarea, required=False, max_length=300)
    agreed = forms.BooleanField(label=_("I have read the card"), help_text=_("The one beside the kettle."))
