"""Invitations: the only way in for somebody new, and the way back in for somebody locked out."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import OptionalEmail, User
from volunteers.shared.letters import Letter
from volunteers.shared.names import fold_name
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention

if TYPE_CHECKING:
    from collections.abc import Collection

INVITATION_TTL = dt.timedelta(days=7)
SALT = "volunteers.invitation"


class LinkIsDead(Exception):
    """The link was used, renewed, has expired, or was never ours. The page does not say which."""


@dataclass(frozen=True)
class Arrival:
    """A live link that was opened: its invitation, and whether it came by e-mail."""

    invitation: Invitation
    by_mail: bool

    @property
    def email(self) -> str | None:
        """The address the person will have: the one they have, or the one this letter proved."""
        return self.invitation.person.email or (self.invitation.email if self.by_mail else None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Queries about invitations, and making one for a new person."""

    def live(self) -> InvitationQuerySet:
        """Invitations that still work."""
        return self.filter(expires_on__gte=timezone.localdate(), person__is_active=True)

    def arrival(self, token: str) -> Arrival:
        """The invitation of this link. Raises LinkIsDead, without saying why."""
        try:
            pk, by_mail = signing.loads(token, salt=SALT)
        except (signing.BadSignature, ValueError):
            raise LinkIsDead from None
        invitation = self.live().select_related("person").filter(pk=pk).first()
        if invitation is None:
            raise LinkIsDead
        return Arrival(invitation, by_mail=bool(by_mail))

    @transaction.atomic
    def invite(
        self, chosen_name: str, *, by: User | None, email: str | None = None, roles: Collection[str] = ()
    ) -> Invitation:
        """Make a person who cannot sign in yet, and the invitation that lets them in.

        The e-mail stays on the invitation: it becomes theirs when they come in by the letter sent there.
        `by` is None only where the first admin is made.
        """
        if by is not None:
            if not by.has_perm("volunteers.add_invitation"):
                raise NotAllowed(_now("You cannot invite people."))
            by.refuse_roles_beyond_theirs(roles)
        username = f"new-{get_random_string(12).lower()}"
        person = User.objects.create_user(username, chosen_name=chosen_name, roles=roles)
        return self.model.renew(person, email=email)


class Invitation(models.Model):
    """A link that works once and for a week. Using it deletes it; the row holds no secret.

    The link carries the row's random id signed with our key: a copy of the database makes no working link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    email = OptionalEmail(
        _("e-mail"), null=True, blank=True, default=None, help_text=_("Empty: you show them the link yourself.")
    )
    expires_on = models.DateField(_("works until"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="invitation_email_once",
                violation_error_message=_("Somebody is already invited at that e-mail."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    @classmethod
    @transaction.atomic
    def renew(cls, person: User, *, by: User | None = None, email: str | None = None) -> Invitation:
        """Make a fresh link for this person. Any earlier one stops working; nothing else about them changes.

        Its holder can set a password, so nobody renews it for a person with a role they could not give.
        """
        if by is not None and not (by.has_perm("volunteers.add_invitation") and by.may_look_after(person)):
            raise NotAllowed(_now("You cannot make a link for them. Ask an admin."))
        if not person.is_active:
            raise NotAllowed(_now("Their account is paused. Let them sign in again first."))
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        cls.objects.filter(person=person).delete()
        email = (email or "").lower() or None
        invitation = cls(person=person, email=email, expires_on=timezone.localdate() + INVITATION_TTL)
        if email and User.objects.exclude(pk=person.pk).filter(email__iexact=email).exists():
            raise NotAllowed(_now("Somebody already signs in with that e-mail."))
        try:
            invitation.full_clean()
        except ValidationError as problem:
            raise NotAllowed(problem.messages) from None
        invitation.save(force_insert=True)
        return invitation

    @classmethod
    @transaction.atomic
    def accept(cls, token: str, *, username: str, chosen_name: str, pronouns: str, password: str) -> User:
        """Let this person in, once: of two who use the link at one moment, the second gets LinkIsDead.

        With an empty password they sign in by code, which needs an e-mail. Coming in by the letter proves that its
        address is theirs. A second step they have set up is still asked for.
        """
        # The person first, as everybody locks them; then the link is looked at once more.
        User.objects.select_for_update(no_key=True).filter(invitation=cls.objects.arrival(token).invitation).first()
        arrival = cls.objects.select_for_update(of=("self",)).arrival(token)
        person, email = arrival.invitation.person, arrival.email
        if not password and not email:
            raise NotAllowed(_now("Set a password: without an e-mail it is your only way in."))
        person.username, person.chosen_name, person.pronouns, person.email = username, chosen_name, pronouns, email
        person.set_password(password or None)
        person.sessions_key = uuid.uuid4()
        try:
            person.full_clean(exclude=["password"])
        except ValidationError as problem:
            raise NotAllowed(problem.messages) from None
        person.save()
        if email and arrival.by_mail:
            EmailAddress.objects.filter(user=person).exclude(email=email).delete()
            EmailAddress.objects.update_or_create(
                user=person, email=email, defaults={"verified": True, "primary": True}
            )
        arrival.invitation.delete()
        return person

    @property
    def is_live(self) -> bool:
        """Whether the link still works."""
        return self.expires_on >= timezone.localdate()

    def link(self, *, by_mail: bool = False) -> str:
        """The whole address with the signed id in it, for a letter, a screen or a terminal."""
        token = signing.dumps([str(self.pk), int(by_mail)], salt=SALT)
        return str(settings.SITE_URL).rstrip("/") + reverse("volunteers:invitation-accept", args=[token])

    def send(self) -> None:
        """Send the link to the invitation's e-mail, in words that tell other readers nothing."""
        if not self.email:
            raise NotAllowed(_now("There is no e-mail to send it to."))
        Letter.post(
            to=self.email,
            person=self.person_id,
            text=_now(
                "Hello,\n\nhere is the link we told you about. It works once, until the end of %(day)s:\n\n"
                "%(link)s\n\nIf you do not know what this is, do nothing. It stops working by itself.\n"
            )
            % {"day": date_format(self.expires_on, "MONTH_DAY_FORMAT"), "link": self.link(by_mail=True)},
        )


def suggested_username(person: User) -> str:
    """A free sign-in name like the chosen name; a person who has signed in before keeps theirs."""
    if person.has_usable_password() or person.email:
        return person.username
    near = "".join(letter for letter in fold_name(person.chosen_name) if letter.isalnum())[:40] or "me"
    taken = set(User.objects.filter(username__folded__startswith=near).values_list("username__folded", flat=True))
    return next(name for number in range(len(taken) + 1) if (name := f"{near}{number or ''}") not in taken)


retention.keep(
    Invitation,
    length=INVITATION_TTL,
    promise="letters",
    every=retention.Every.HOUR,
    overdue=lambda now: Invitation.objects.filter(expires_on__lt=now.date()),
    in_backups=retention.InBackups.NEVER,
)
personal_data.hold(Invitation, "person", part="sign-in", merge=personal_data.Merge.STAY_APART)
