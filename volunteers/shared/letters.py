"""Letters: every mail the app sends waits here, sealed, until it has left."""

from __future__ import annotations

import datetime as dt
import json
import threading
import uuid
from collections.abc import Collection
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from volunteers.shared.registries import retention, sealed
from volunteers.shared.sealing import Unsealable, seal, unseal
from volunteers.shared.workers import HEARTBEAT_TIMEOUT, RETRY_FOR_DAYS, worker_is_alive

LETTER_RETENTION = dt.timedelta(days=7)


class LetterQuerySet(models.QuerySet["Letter"]):
    """Queries about letters, and sending those that wait."""

    def send_waiting(self, limit: int = 20) -> int:
        """Try to send the oldest few letters. Returns how many left; one that cannot leave holds up no other."""
        return sum([letter.try_to_send() for letter in self.order_by("unsent_since", "pk")[:limit]])


class Letter(models.Model):
    """One plain mail to one address. Subject and sender give nobody away; its content is behind a link.

    The row is deleted once it is sent. `unsent_since` is a day, so that one nobody can deliver goes in a week.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.TextField()
    unsent_since = models.DateField(default=timezone.localdate)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unsent_since"], name="letter_unsent_since")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def post(cls, *, to: str, text: str, person: int | None = None) -> Letter:
        """Write a letter. It is sent once this transaction has committed, and undone with it.

        The worker sends it, and goes on trying when the mail server is down. Without a worker it is sent from
        here, beside the request. `person` is the id of whom it is about, sealed in it, so that erasing them finds it
        wherever it goes.
        """
        with transaction.atomic():
            mail = {"to": to, "text": text, "person": person}
            letter = cls.objects.create(sealed=seal(json.dumps(mail), purpose="letter"))
            send_letter.defer(letter=str(letter.pk))
            transaction.on_commit(partial(send_without_worker, letter.pk))
        return letter

    @classmethod
    def point(cls, *, to: str, address: str, person: int | None = None) -> Letter:
        """Write that something waits at `address`, a path of ours, and nothing more. The link does not tell either."""
        link = settings.SITE_URL + reverse("letter", args=[seal(address, purpose="link")])
        text = _("There is something new for you. See it here:\n\n%(link)s") % {"link": link}
        return cls.post(to=to, text=text, person=person)

    def concerns(self, person: int, emails: Collection[str]) -> bool | None:
        """Whether it is about this person, or goes to one of these addresses in small letters.

        None for a letter sealed with a key we no longer have: nobody can say, and nobody can send it.
        """
        try:
            mail: dict[str, Any] = json.loads(unseal(self.sealed, purpose="letter"))
        except Unsealable:
            return None
        return mail.get("person") == person or mail["to"].lower() in emails

    def send(self) -> None:
        """Send it and delete it. Raises the mail server's error, and then it stays.

        Nothing happens if another process is sending it at this moment.
        """
        with transaction.atomic():
            letter = Letter.objects.select_for_update(skip_locked=True).filter(pk=self.pk).first()
            if letter is None:
                return
            mail = json.loads(unseal(letter.sealed, purpose="letter"))
            EmailMessage(_("A message for you"), mail["text"], settings.DEFAULT_FROM_EMAIL, [mail["to"]]).send()
            letter.delete()

    def try_to_send(self) -> bool:
        """Send it; returns whether it was sent. A mail server that is down or a lost key raises nothing."""
        try:
            self.send()
        except (OSError, Unsealable):
            return False
        return True


class MailQueueStatus(NamedTuple):
    """Whether a worker is alive to send letters, and the day since which the oldest of them has been waiting."""

    worker_is_alive: bool
    waiting_since: dt.date | None


def mail_queue_status() -> MailQueueStatus:
    """Whether a worker is alive and since when a letter waits, in one statement: its page has none to spare."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat >= statement_timestamp() - make_interval(secs => %s)),"
            " (SELECT min(unsent_since) FROM volunteers_letter)",
            [HEARTBEAT_TIMEOUT.total_seconds()],
        )
        return MailQueueStatus(*cursor.fetchone())


@app.task(name="volunteers.jobs.send_letter", retry=RETRY_FOR_DAYS)  # type: ignore[untyped-decorator]
def send_letter(letter: str) -> None:
    """Send one letter; one already sent is no longer there."""
    for waiting in Letter.objects.filter(pk=letter):
        waiting.send()


def send_without_worker(letter: uuid.UUID) -> None:
    """Send a letter from this process if no worker is alive to do it; a failure is left to the job.

    It runs in a thread: a slow mail server must not hold up the page, and the time a page takes must not tell
    whether there was anybody to write to.
    """
    if not worker_is_alive():
        threading.Thread(target=_try_to_send, args=[letter], name=f"letter {letter}").start()


def _try_to_send(letter: uuid.UUID) -> None:
    try:
        for waiting in Letter.objects.filter(pk=letter):
            waiting.try_to_send()
    finally:
        connection.close()


retention.keep(
    Letter,
    length=LETTER_RETENTION,
    promise="letters",
    every=retention.Every.HOUR,
    overdue=lambda now: Letter.objects.filter(unsent_since__lt=now.date() - LETTER_RETENTION),
    in_backups=retention.InBackups.NEVER,
)
sealed.hold(Letter, "sealed", purpose="letter", what="letters that have not left")
