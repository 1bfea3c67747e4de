"""Signing in with allauth under our rules: no sign-up, permissions by role, all mail through letters."""

import datetime as dt
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models import Letter, User
from volunteers.shared.qr import qr_code
from volunteers.shared.sealing import seal, unseal

# Stands for everybody whose address we cannot tell.
NO_ADDRESS = "nowhere"
# Stands for the moment of a request, in a statement that is kept.
NOW = dt.datetime(1, 1, 2, tzinfo=dt.UTC)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's authentication with one hash for whoever is asked for, and permissions from roles alone."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The person with this sign-in name or e-mail and this password.

        At most one person is looked at, once: each hash takes a third of a second, and two of them would tell that
        we know somebody. For nobody at all, allauth hashes once afterwards.
        """
        password = credentials["password"]
        for name in filter(None, (credentials.get("username"), credentials.get("email"))):
            person = User.objects.find_for_sign_in(name)
            if person is not None:
                authenticated: User | None = self._check_password(person, password)
                return authenticated
        return None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session with all their rights and what they are asked, in one statement.

        Read anew on every request: a role given or taken a moment ago counts from now on.
        """
        statement, before = _one_with_rights()
        now = timezone.now()
        known = {NOW: now, timezone.localdate(NOW): timezone.localdate(now)}
        parameters = [known.get(value, value) if isinstance(value, dt.date) else value for value in before]
        person = next(iter(User.objects.raw(statement, [*parameters, user_id])), None)
        return person if person is not None and self.user_can_authenticate(person) else None

    def get_user_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        """None: there are no permissions beside the roles."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        """The permissions of their roles."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(user_obj.permission_names)

    def get_all_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        """The permissions of their roles; not cached on the person, so that they cannot go stale."""
        return self.get_group_permissions(user_obj, obj)


@cache
def _one_with_rights() -> tuple[str, list[Any]]:
    """The SQL of `with_rights` and `with_asks` for one person, and all its parameters but the last, the id.

    `NOW` and its day among them stand for the moment of a request.

    Cached, since every page needs it, and building it takes longer than running it.
    """
    statement, parameters = User.objects.with_rights().with_asks(NOW).filter(pk=0).order_by().query.sql_with_params()
    return statement, list(parameters[:-1])


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Invitations only, and every mail goes through `Letter`."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("That name and password are not right. Try again."),
        "email_password_mismatch": _("That e-mail and password are not right. Try again."),
        "incorrect_code": _("That code is not right. Check it, or ask for a new one."),
        "incorrect_password": _("That password is not right. Try again."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
        "email_taken": _("Somebody already signs in with that e-mail."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """False: nobody signs themselves up."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send allauth's text as one of our letters: our subject, our sender, plain."""
        message = self.render_mail(template_prefix, email, context)
        person = context.get("user") or User.objects.filter(email__iexact=email).first()
        Letter.post(to=email, text=message.body, person=person and person.pk)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody that how they sign in was changed; the address may be one they had before."""
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which attempts are counted. `RateLimit` keeps a sealed count, and no address.

        Behind a unix socket, or a silent proxy, there is no address. Refusing locks everybody out, and not counting
        lets attackers guess. So attempts without an address are counted together, and per account as always.
        """
        try:
            return str(super().get_client_ip(request))
        except (PermissionDenied, ImproperlyConfigured):
            return NO_ADDRESS

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Whether an address may go: a person who signs in by code alone keeps theirs until they set a password."""
        person: User = email_address.user
        return person.has_usable_password() or not email_address.primary


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second steps that name neither the place nor the person's e-mail, and are sealed in the database."""

    def get_totp_label(self, user: User) -> str:
        """The name an authenticator app shows beside the code."""
        return user.username

    def get_totp_issuer(self) -> str:
        """The site an authenticator app shows beside the code."""
        return str(settings.ALLOWED_HOSTS[0])

    def build_totp_svg(self, url: str) -> str:
        """The QR code for an authenticator app, inline: our content policy allows no data: images."""
        return qr_code(url)

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The name of a passkey's owner: their sign-in name."""
        return {**super().get_public_key_credential_user_entity(user), "name": user.username}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 -- allauth's name
        """The name of a new key, until its owner gives one: its number."""
        have = Authenticator.objects.filter(user=user, type=type).count()
        return str(_("Key %(n)d") % {"n": have + 1})

    def encrypt(self, text: str) -> str:
        """Seal the secret behind the codes: a copy of the database alone makes none."""
        return seal(text, purpose="second step")

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return unseal(encrypted_text, purpose="second step")
