"""Invitations: the only way in for somebody new, and the way back in for somebody locked out."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import User

LIVES = dt.timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def live(self) -> InvitationQuerySet:
        """Those that still work."""
        return self.filter(expires_on__gte=timezone.localdate())

    def from_token(self, token: str) -> Invitation | None:
        """The live invitation this link belongs to, or None for whatever reason it is not."""
        try:
            pk = signing.loads(token, salt="volunteers.invitation")
        except signing.BadSignature:
            return None
        return self.live().select_related("person").filter(pk=pk).first()


class Invitation(models.Model):
    """A link that works once and for a week. Using it deletes it; the row holds no secret.

    The link carries the row's random id signed with our key: a copy of the database makes no working link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    expires_on = models.DateField(_("works until"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return str(self.person)

    @classmethod
    @transaction.atomic
    def renew(cls, person: User) -> Invitation:
        """A fresh link for this person; any earlier one stops working."""
        cls.objects.filter(person=person).delete()
        return cls.objects.create(person=person, expires_on=timezone.localdate() + LIVES)

    @property
    def path(self) -> str:
        """The address of the page it opens, with the signed id in it."""
        token = signing.dumps(str(self.pk), salt="volunteers.invitation")
        return reverse("volunteers:invitation-accept", args=[token])
