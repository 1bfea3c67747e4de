"""An overdose somebody reversed: nothing has to be answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.logs.forms.base import LogForm, YesNoField, answers


class ReversalForm(LogForm):
    """Whatever they like to say, and nothing else."""

    doses = forms.TypedChoiceField(
        label=_("How many doses"),
        choices=[("", _("Not asked")), *((str(n), str(n)) for n in range(1, 7))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    called_999 = YesNoField(_("Was 999 called?"))
    place = answers(Choice.Of.PLACE, _("What kind of place"))
    outcome = answers(Choice.Of.OUTCOME, _("How it ended"))
