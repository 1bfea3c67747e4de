"""Having the front page say something of one evening."""

from django import forms

from hub.public.models.notices import Notice


class NoticeForm(forms.ModelForm):
    """The evening, and the line."""

    class Meta:
        model = Notice
        fields = ("day", "words")
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
