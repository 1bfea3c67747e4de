"""Having the front page say something of one evening."""

from django import forms

from hub.public.models.notices import Notice
from volunteers.shared.forms.fields import DayField


class NoticeForm(forms.ModelForm):
    """The evening, and the line."""

    class Meta:
        model = Notice
        fields = ("day", "words")
        field_classes = {"day": DayField}
