"""The form for an incident: what kind, and what the team needs. It has no box for words, on purpose."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.logs.forms.base import LogForm, build_choice_field
from hub.logs.models.incidents import Incident
from volunteers.shared import locality


class IncidentForm(LogForm):
    """An incident, for the team's own sake. Nothing is about the person it happened to."""

    kind = build_choice_field(Choice.Of.INCIDENT, _("What kind of thing"), required=True)
    first_aid = forms.BooleanField(label=_("First aid was given"), required=False)
    called_999 = forms.BooleanField(label=locality.put_number(_("{number} was called")), required=False)
    needs = forms.ModelMultipleChoiceField(
        Choice.objects.offered(Choice.Of.NEED),
        label=_("What do you need as a team?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def write(self) -> list[uuid.UUID]:
        """Write the incident down."""
        cleaned = dict(self.cleaned_data)
        Incident.objects.report(cleaned.pop("kind"), **cleaned)
        return [cleaned["id"]]
