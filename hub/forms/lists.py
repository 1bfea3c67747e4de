"""The answers our forms offer, for those who write them."""

from django import forms

from hub.models import Choice


class NewAnswerForm(forms.ModelForm):
    """One more answer of a list."""

    class Meta:
        model = Choice
        fields = ("name",)


class AnswerForm(forms.ModelForm):
    """An answer that is there: its words, its place, whether it is still offered."""

    class Meta:
        model = Choice
        fields = ("name", "order", "withdrawn")
