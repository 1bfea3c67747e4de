"""Forms for inviting a person, and for coming in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from volunteers.models import User
from volunteers.models.invitations import Arrival, suggested_username
from volunteers.models.people_queryset import RoleName
from volunteers.shared.name_queries import NameFormField


class InviteForm(forms.Form):
    """The person to invite. A name is enough."""

    chosen_name = NameFormField(
        label=_("What people call them"), max_length=60, help_text=_("They can change it when they come in.")
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Leave it empty to show them a link on your screen instead.")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("No role for somebody in training. They see only their own page."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """Offer the roles `by` may give, and no others."""
        super().__init__(*args, **kwargs)
        may = by.roles_to_give()
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in RoleName.choices if value in may
        ]


class AcceptForm(forms.ModelForm):
    """The data of a person who comes in for the first time, or finds their way back."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ("chosen_name", "pronouns", "username")
        widgets = {"username": forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})}

    field_order = ("chosen_name", "pronouns", "username", "password")

    def __init__(self, data: QueryDict | None, *, arrival: Arrival) -> None:
        """Ask for a password only where it is the one way in."""
        person = arrival.invitation.person
        super().__init__(data, instance=person, initial={"username": suggested_username(person)})
        field = self.fields["password"]
        field.required = not arrival.email
        if field.required:
            field.help_text = _("At least ten characters. A few words in a row are easy to remember and hard to guess.")
        else:
            field.help_text = _("At least ten characters, or leave it empty: then we send you a code each time.")

    def clean_password(self) -> str:
        """The password has to be as strong as any here."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.instance)
        return password

    def clean_username(self) -> str:
        """The sign-in name has to be free, in upper or lower case; said beside the field."""
        username: str = self.cleaned_data["username"]
        if User.objects.exclude(pk=self.instance.pk).filter(username__reads=username).exists():
            raise ValidationError(_("Somebody already signs in with that name. Choose another."))
        return username
