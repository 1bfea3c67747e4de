"""The form of an appeal."""

from django import forms

from supplies.models import Appeal
from volunteers.shared.forms.edits import EditForm


class AppealForm(EditForm, forms.ModelForm):
    """What the public page asks money for."""

    class Meta:
        model = Appeal
        fields = ("title", "words", "goal", "ways", "shown")
        widgets = {"words": forms.Textarea(attrs={"rows": 4}), "ways": forms.Textarea(attrs={"rows": 3})}
