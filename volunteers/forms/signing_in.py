"""What is asked at the door."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "email": _("E-mail"),
    "code": _("Code"),
    "password": _("Password"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
    "password2": _("The same once more"),
}


class OurWords(forms.Form):
    """Says in our words what to type where, beside the box instead of inside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take over whatever fields the form of allauth has."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _(
                "At least ten characters. A few words in a row are easy to remember and hard to guess."
            )


class SignInForm(OurWords, allauth.LoginForm):  # type: ignore[misc]
    """The door itself, friendly to password managers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One box takes either way somebody is known by."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name or e-mail")
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.fields["password"].help_text = ""


class StillYouForm(OurWords, allauth.ReauthenticateForm):  # type: ignore[misc]
    """Asked again before a way in is changed."""


class AskForCodeForm(OurWords, allauth.RequestLoginCodeForm):  # type: ignore[misc]
    """Where a code goes."""


class CodeForm(OurWords, allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came, to sign in."""


class LostPasswordForm(OurWords, allauth.ResetPasswordForm):  # type: ignore[misc]
    """Where a code for a new password goes."""


class LostPasswordCodeForm(OurWords, allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code that came, for a new password."""


class NewPasswordForm(OurWords, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password after a lost one."""


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):  # type: ignore[misc]
    """Another password."""


class FirstPasswordForm(OurWords, allauth.SetPasswordForm):  # type: ignore[misc]
    """A password for somebody who came in without."""


class EmailForm(OurWords, allauth.AddEmailForm):  # type: ignore[misc]
    """An address, or another one."""
