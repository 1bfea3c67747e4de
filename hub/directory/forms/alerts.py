"""Form of alerts."""

from django import forms

from hub.directory.models.alerts import Alert
from volunteers.shared.forms.edits import EditForm


class AlertForm(EditForm, forms.ModelForm):
    """An alert: warning, area, week, source, steps and last day."""

    class Meta:
        model = Alert
        fields = ("what", "area", "week", "source", "what_to_do", "expires_on")
        widgets = {
            "week": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "what_to_do": forms.Textarea(attrs={"rows": 5}),
        }
