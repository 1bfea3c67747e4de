"""The form for an overdose somebody reversed: nothing has to be answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.logs.forms.base import LogForm, YesNoField, build_choice_field


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
    called_999 = YesNoField(_("Was 999 called?"))
    place = build_choice_field(Choice.Of.PLACE, _("What kind of place"))
    outcome = build_choice_field(Choice.Of.OUTCOME, _("How it ended"))
