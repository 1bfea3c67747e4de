"""Forms for second steps, with our own words."""

from contextlib import suppress
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from volunteers.forms.signing_in import OurWords
from volunteers.shared.registries.sealed import seal_row_anew
from volunteers.shared.sealing import Unsealable


class KeepsSealed(BaseAuthenticateForm):  # type: ignore[misc]
    """A code checked against what lies sealed, which is sealed anew once it was used, or said to be lost."""

    def clean_code(self) -> str:
        """The code; a step sealed with a key we no longer have keeps no other step of theirs from being tried."""
        try:
            return str(super().clean_code())
        except Unsealable:
            return self._try_readable_steps(self.data.get("code", "").strip())

    def save(self) -> None:
        """Go on with the step that was passed."""
        seal_row_anew(self.authenticator)
        super().save()

    def _try_readable_steps(self, code: str) -> str:
        for step in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            with suppress(Unsealable):
                if step.wrap().validate_code(code):
                    step.user = self.user
                    self.authenticator = step
                    return code
        raise ValidationError(
            _(
                "We can no longer read your second step: the hub’s secret key has changed. Another admin can reset "
                "it on your page. If there is none, the person who runs the server can, with “manage.py "
                "reset_second_step”."
            ),
            code="unreadable",
        )


class SecondStepCodeForm(OurWords, KeepsSealed, AuthenticateForm):  # type: ignore[misc]
    """The code of a second step at sign-in."""


class CodeAgainForm(OurWords, KeepsSealed, ReauthenticateForm):  # type: ignore[misc]
    """The code of a second step, asked again before a way of signing in is changed."""


class FirstCodeForm(OurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app that has just been set up."""


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """allauth's form for a passkey, without technical words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what each box is for."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call it")
        self.fields["name"].help_text = _("To tell it from others. Only you see it.")
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = _(
            "Your device then asks for your finger, your face or its own code. Without a tick it is a second step "
            "after the password."
        )
