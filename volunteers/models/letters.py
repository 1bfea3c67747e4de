"""Letters: every mail the app sends waits here, sealed, until it has left."""

from __future__ import annotations

import json
import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from volunteers.sealing import seal, unseal


class Letter(models.Model):
    """One plain mail to one address. Subject and sender give nobody away; what it is about is behind its link.

    The row is deleted once it is sent. `unsent_since` is a day, so that one nobody can deliver goes in a week.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.TextField()
    unsent_since = models.DateField(default=timezone.localdate)

    class Meta:
        indexes = [models.Index(fields=["unsent_since"], name="letter_unsent_since")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def post(cls, *, to: str, text: str) -> Letter:
        """Write a letter and hand it to the worker once this transaction has committed.

        Losing the worker or the mail server delays it; it is tried again until it has left.
        """
        from volunteers.jobs import send_letter  # noqa: PLC0415 -- jobs import models

        with transaction.atomic():
            letter = cls.objects.create(sealed=seal(json.dumps({"to": to, "text": text}), purpose="letter"))
            send_letter.defer(letter=str(letter.pk))
        return letter

    def send(self) -> None:
        """Send it and forget it. Raises what the mail server raises, and then it stays."""
        letter = json.loads(unseal(self.sealed, purpose="letter"))
        EmailMessage(_("A message for you"), letter["text"], settings.DEFAULT_FROM_EMAIL, [letter["to"]]).send()
        self.delete()
