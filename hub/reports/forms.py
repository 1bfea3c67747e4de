"""Form of the texts in a report."""

from django import forms

from hub.reports.models.drafts import Draft
from volunteers.shared.forms.edits import EditForm


class WordsForm(EditForm, forms.ModelForm):
    """Two texts, “what we learned” and “why it is needed”. Both may be empty."""

    class Meta:
        model = Draft
        fields = ("learned", "argument")
        widgets = {"learned": forms.Textarea(attrs={"rows": 5}), "argument": forms.Textarea(attrs={"rows": 5})}
