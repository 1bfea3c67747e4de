"""Forms for signing in, with our own words."""

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
    "password2": _("The same again"),
}


class OurWords(forms.Form):
    """Labels the fields of allauth in our words, beside the box instead of inside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the fields that the form of allauth has."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _(
                "At least ten characters. A few words in a row are easy to remember and hard to guess."
            )


class SignInForm(OurWords, allauth.LoginForm):  # type: ignore[misc]
    """Sign-in with a password, friendly to password managers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One box takes the sign-in name or the e-mail."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name or e-mail")
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.fields["password"].help_text = ""


class StillYouForm(OurWords, allauth.ReauthenticateForm):  # type: ignore[misc]
    """The password again, before a way of signing in is changed."""


class AskForCodeForm(OurWords, allauth.RequestLoginCodeForm):  # type: ignore[misc]
    """The e-mail that a sign-in code is sent to."""


class CodeForm(OurWords, allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code from the mail, to sign in."""


class LostPasswordForm(OurWords, allauth.ResetPasswordForm):  # type: ignore[misc]
    """The e-mail that a code for a new password is sent to."""


class LostPasswordCodeForm(OurWords, allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code from the mail, for a new password."""


class NewPasswordForm(OurWords, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password after a lost one."""


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):  # type: ignore[misc]
    """Another password."""


class FirstPasswordForm(OurWords, allauth.SetPasswordForm):  # type: ignore[misc]
    """A first password, for a person who came in without one."""


class EmailForm(OurWords, allauth.AddEmailForm):  # type: ignore[misc]
    """A first or another e-mail."""
