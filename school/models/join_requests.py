"""Join requests: a name, an e-mail, and two days to confirm the e-mail."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.models.enrolments import Enrolment
from school.models.sessions import Session
from volunteers.models import Invitation, Letter, User
from volunteers.models.invitations import LinkIsDead, suggested_username
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, sealed
from volunteers.shared.sealing import Unsealable, seal, unseal

JOIN_LINK_TTL = dt.timedelta(hours=48)
SALT = "school.join"


@dataclass(frozen=True)
class JoinDetails:
    """The name, e-mail and session of a request."""

    name: str
    email: str
    session: int | None


@dataclass(frozen=True)
class JoinResult:
    """A person who came in by their link, and their enrolment or the reasons against it."""

    person: User
    enrolment: Enrolment | None
    reasons: list[str]


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    """Questions about requests, and submitting one. Every answer is the same."""

    @transaction.atomic
    def submit(self, *, name: str, email: str, session: Session | None, now: dt.datetime) -> None:
        """Write to this e-mail, known or not: nothing on any screen says whether we know it.

        Somebody new gets a link that works for two days, and an earlier one stops. Somebody with an account is
        pointed at the session; somebody invited gets their invitation again.
        """
        self.expired(now).delete()
        email = email.lower()
        address = session.get_absolute_url() if session else reverse("school:mine")
        person = User.objects.active().filter(email=email).first()
        invitation = Invitation.objects.filter(email=email, person__is_active=True).select_related("person").first()
        if person is not None:
            Letter.point(to=email, address=address, person=person.pk)
        elif invitation is not None:
            Invitation.renew(invitation.person, email=email).send()
        else:
            wish = {"name": name, "email": email, "session": session.pk if session else None}
            mark = salted_hmac(SALT, email).hexdigest()
            self.filter(mark=mark).delete()
            whole_hour = now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
            request: JoinRequest = self.create(
                sealed=seal(json.dumps(wish), purpose=SALT), mark=mark, expires_at=whole_hour + JOIN_LINK_TTL
            )
            request.send(email)

    def expired(self, now: dt.datetime) -> JoinRequestQuerySet:
        """Requests whose link no longer works."""
        return self.filter(expires_at__lte=now)

    def delete_from(self, emails: Collection[str]) -> None:
        """Delete requests from these addresses, in small letters, and those that nobody can read any more."""
        found = [request.pk for request in self.all() if request.email is None or request.email.lower() in emails]
        self.filter(pk__in=found).delete()

    def get_by_token(self, token: str, now: dt.datetime) -> JoinRequest:
        """Return the request behind this link. Raises LinkIsDead, for any reason."""
        try:
            pk = uuid.UUID(signing.loads(token, salt=SALT))
        except (signing.BadSignature, ValueError, TypeError, AttributeError):
            raise LinkIsDead from None
        request = self.filter(pk=pk, expires_at__gt=now).first()
        if request is None:
            raise LinkIsDead
        return request


class JoinRequest(models.Model):
    """A request whose e-mail nobody has confirmed yet. Name and e-mail lie sealed; the row goes after two days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.TextField()
    # Tells two requests for one e-mail apart from two e-mails, and nothing else.
    mark = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("works until"))

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at"], name="joinrequest_expires")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def details(self) -> JoinDetails:
        """The unsealed details. Raises LinkIsDead under a key we no longer have."""
        try:
            return JoinDetails(**json.loads(unseal(self.sealed, purpose=SALT)))
        except Unsealable:
            raise LinkIsDead from None

    @property
    def email(self) -> str | None:
        """The unsealed address, or None under a key we no longer have."""
        try:
            return self.details.email
        except LinkIsDead:
            return None

    def get_link(self) -> str:
        """Return the whole address, which does not name its purpose."""
        token = signing.dumps(str(self.pk), salt=SALT)
        return str(settings.SITE_URL).rstrip("/") + reverse("join-confirm", args=[token])

    def send(self, email: str) -> None:
        """Post the link, in words that say nothing to other readers."""
        Letter.post(
            to=email,
            text=_now(
                "Hello,\n\nhere is the link you asked for. It works for two days:\n\n%(link)s\n\nIf you did not "
                "ask for it, do nothing. It stops working by itself.\n"
            )
            % {"link": self.get_link()},
        )

    @classmethod
    @transaction.atomic
    def confirm(cls, token: str, *, chosen_name: str, pronouns: str, now: dt.datetime) -> JoinResult:
        """Make them an account with no role, and take the place they asked for or wait for one. The link is used up.

        Of two who use it at once one gets LinkIsDead, as does an e-mail that has become somebody's meanwhile.
        """
        request = cls.objects.select_for_update().get_by_token(token, now)
        wish = request.details
        request.delete()
        if User.objects.filter(email=wish.email).exists():
            raise LinkIsDead
        newcomer = User(chosen_name=chosen_name)
        newcomer.set_password(None)
        person = User.objects.create_user(
            suggested_username(newcomer), chosen_name=chosen_name, pronouns=pronouns, email=wish.email
        )
        EmailAddress.objects.create(user=person, email=wish.email, verified=True, primary=True)
        session = Session.objects.filter(pk=wish.session).first() if wish.session else None
        if session is None:
            return JoinResult(person, None, [])
        try:
            return JoinResult(person, Enrolment.objects.take_place(session, person, now=now), [])
        except NotAllowed as refusal:
            return JoinResult(person, None, refusal.reasons)


retention.keep(
    JoinRequest,
    length=JOIN_LINK_TTL,
    promise="join-requests",
    every=retention.Every.DAY,
    overdue=JoinRequest.objects.expired,
    in_backups=retention.InBackups.NEVER,
)
sealed.hold(JoinRequest, "sealed", purpose=SALT, what="requests to join")
