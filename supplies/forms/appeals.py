"""The form of an appeal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from supplies.models import Appeal
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import WholeField


class AppealForm(EditForm, forms.ModelForm):
    """What the public page asks money for."""

    goal = WholeField(
        label=_("How much is needed"),
        min_value=1,
        max_value=9_999_999,
        required=False,
        help_text=_("Leave it empty if there is no fixed amount."),
    )

    class Meta:
        model = Appeal
        fields = ("title", "words", "goal", "ways", "shown")
        widgets = {"words": forms.Textarea(attrs={"rows": 4}), "ways": forms.Textarea(attrs={"rows": 3})}
