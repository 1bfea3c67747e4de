"""The words people write beside a report's figures."""

from django import forms

from hub.reports.models.drafts import Draft


class WordsForm(forms.ModelForm):
    """What we learned, and why it is needed. Both can stay empty."""

    class Meta:
        model = Draft
        fields = ("learned", "argument")
        widgets = {"learned": forms.Textarea(attrs={"rows": 5}), "argument": forms.Textarea(attrs={"rows": 5})}
