"""Forms about people and their holdings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models import Qualification, User
from volunteers.models.people import LetterKind
from volunteers.models.people_queryset import RoleName
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField

SEES_PEOPLE = "volunteers.view_user"
FOR_COORDINATORS = (LetterKind.GAPS, LetterKind.STOCK)


class SearchForm(forms.Form):
    """Words to find people by."""

    words = forms.CharField(label=_("Name"), max_length=60, required=False, widget=forms.SearchInput())


class MeForm(EditForm, forms.ModelForm):
    """A person's own data."""

    class Meta:
        model = User
        fields = ("chosen_name", "pronouns", "contact", "access_needs", "on_break_until")
        field_classes = {"on_break_until": DayField}
        widgets = {
            "access_needs": forms.Textarea(attrs={"rows": 3}),
        }


class LettersForm(EditForm, forms.Form):
    """The topics a person wants letters about. We store the unwanted ones, so that a new topic reaches everybody."""

    wanted = forms.MultipleChoiceField(
        label=_("Send me e-mails about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=LetterKind.choices,
    )

    def __init__(self, data: QueryDict | None = None, *, person: User) -> None:
        """Ticked unless they have switched it off; offered if it is about what their roles do."""
        super().__init__(data, initial={"wanted": [topic for topic in LetterKind if topic not in person.silenced]})
        self.person = person
        self.offered = [topic for topic in LetterKind if topic not in FOR_COORDINATORS or person.has_perm(SEES_PEOPLE)]
        self.fields["wanted"].choices = [  # type: ignore[attr-defined]
            (topic.value, topic.label) for topic in self.offered
        ]

    def silenced(self) -> list[str]:
        """The unwanted topics; topics the form did not offer stay as they were."""
        wanted = set(self.cleaned_data["wanted"])
        kept = [topic for topic in self.person.silenced if topic not in self.offered]
        return [topic.value for topic in self.offered if topic.value not in wanted] + kept


class RolesForm(EditForm, forms.Form):
    """Somebody's roles, all of them or none."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=RoleName.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Somebody in training has none."),
    )


class HoldingForm(forms.Form):
    """A qualification to grant."""

    qualification = forms.ModelChoiceField(
        label=_("What"), queryset=Qualification.objects.all(), empty_label=_("Choose")
    )
    reason = forms.CharField(
        label=_("How we know, or why we agreed"),
        max_length=200,
        help_text=_("About the training, not the person."),
    )
    exception = forms.BooleanField(
        label=_("An agreed exception"), required=False, help_text=_("Not trained for it yet. Agreed for some time.")
    )
    until = DayField(
        label=_("Until"),
        required=False,
        help_text=_("An exception needs the day it ends. If it is not one, leave this empty."),
    )

    def clean(self) -> dict[str, Any]:
        """An exception ends, and nothing ends before it began."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        until = asked.get("until")
        if until and until <= timezone.localdate():
            self.add_error("until", ValidationError(_("Choose a day after today.")))
        elif "until" in asked and not until and asked.get("exception"):
            self.add_error("until", ValidationError(_("Say on which day the exception ends.")))
        return asked
