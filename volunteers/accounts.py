"""Signing in, as allauth does it, with our rules: no sign-up, one place that sends mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from volunteers.models import Letter, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Invitations only, and every mail goes through `Letter`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs themselves up."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post allauth's text as one of our letters: our subject, our sender, plain."""
        message = self.render_mail(template_prefix, email, context)
        Letter.post(to=email, text=message.body)


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second steps name neither the place nor the person's e-mail."""

    def get_totp_label(self, user: User) -> str:
        """What an authenticator app shows beside the code."""
        return user.username

    def get_totp_issuer(self) -> str:
        """Whom an authenticator app says it is for."""
        return str(settings.ALLOWED_HOSTS[0])
