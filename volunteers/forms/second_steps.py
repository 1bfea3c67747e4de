"""Forms for second steps, with our own words."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _

from volunteers.forms.signing_in import OurWords


class SecondStepCodeForm(OurWords, AuthenticateForm):  # type: ignore[misc]
    """The code of a second step at sign-in."""


class CodeAgainForm(OurWords, ReauthenticateForm):  # type: ignore[misc]
    """The code of a second step, asked again before a way of signing in is changed."""


class FirstCodeForm(OurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app that has just been set up."""


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """allauth's form for a passkey, without technical words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what each box is for."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call it")
        self.fields["name"].help_text = _("To tell it from another. Only you read it.")
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = _(
            "Your phone, laptop or key then asks for your finger, your face or its own code. "
            "Without a tick it is a second step after the password."
        )
