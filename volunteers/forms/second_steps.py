"""Passkeys and security keys, asked for in our words."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """allauth's form without words only its makers know."""

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
