"""Form of alerts."""

from django import forms

from hub.directory.models.alerts import Alert
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField


class AlertForm(EditForm, forms.ModelForm):
    """An alert: warning, area, week, source, steps and last day."""

    class Meta:
        model = Alert
        fields = ("what", "area", "week", "source", "what_to_do", "expires_on")
        field_classes = {"week": DayField, "expires_on": DayField}
        widgets = {
            "what_to_do": forms.Textarea(attrs={"rows": 5}),
        }
