"""Form keys: a random number in every form of ours, so that a form sent twice is done once.

The page has the key and we do not: a row holds what can be made of the key again, and what we answered, sealed with
it. Who has only the database reads neither who sent a form nor what was in it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
import zlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from volunteers.shared.registries import retention, row_order
from volunteers.shared.sealing import Unsealable, seal, unseal

FIELD = "form_key"
FORM_KEY_RETENTION = dt.timedelta(days=2)
SALT = "hub.form_keys"
# What a browser is told beside the page.
HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Refresh", "HX-Trigger", "HX-Retarget", "HX-Reswap")

View = TypeVar("View", bound=Callable[..., HttpResponse])


def keeps_own_key(view: View) -> View:
    """Mark a view whose form brings the id of the row it makes, or whose verb is harmless when repeated.

    Nothing about its forms is kept here: what visitors take must not stand in one more table.
    """
    view.keeps_own_key = True  # type: ignore[attr-defined]
    return view


def make_form_key() -> str:
    """A key for one form on one page."""
    return uuid.uuid4().hex


def read_form_key(request: HttpRequest) -> str | None:
    """The key of a form that was sent; None for one without, or with something else in its place."""
    try:
        return uuid.UUID(hex=request.POST.get(FIELD, "")).hex
    except ValueError:
        return None


class FormKeyManager(models.Manager["FormKey"]):
    """Claims keys, once each."""

    def claim(self, pk: uuid.UUID) -> FormKey | None:
        """Claim a key for this transaction; returns its row if it was used before.

        Whoever comes second with a key waits here until the first is done. If that failed, it is theirs.
        """
        with connection.cursor() as cursor:
            # Not an insert that fails: PostgreSQL would log its values.
            cursor.execute(
                f"INSERT INTO {self.model._meta.db_table} (id, day, answer) VALUES (%s, %s, '')"  # noqa: S608, SLF001 -- names of our own
                " ON CONFLICT DO NOTHING",
                [pk, timezone.localdate()],
            )
            fresh = bool(cursor.rowcount)
        return None if fresh else self.get(pk=pk)


class FormKey(models.Model):
    """The key of a form that was done. Its id is made of key, address and sender; none can be read from it."""

    id = models.UUIDField(primary_key=True, editable=False)
    day = models.DateField()
    answer = models.TextField()

    objects = FormKeyManager()

    class Meta:
        verbose_name = _("form key")
        verbose_name_plural = _("form keys")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    @staticmethod
    def derive_id(key: str, *, path: str, person: object) -> uuid.UUID:
        """The id of a key at this address by this person: a key of somebody else's is another key."""
        digest = salted_hmac(SALT, f"{key}:{person or ''}:{path}", algorithm="sha256").digest()
        return uuid.UUID(bytes=digest[:16], version=4)

    def keep(self, key: str, response: HttpResponse, *, sent: dict[str, list[str]] | None, mark: str) -> None:
        """Keep what was answered, and what had been sent where that may be kept at all."""
        answer = {
            "status": response.status_code,
            "headers": {name: response.headers[name] for name in HEADERS if name in response.headers},
            "body": base64.b64encode(zlib.compress(response.content)).decode(),
            "sent": sent,
            "mark": mark,
        }
        FormKey.objects.filter(pk=self.pk).update(answer=seal(json.dumps(answer), purpose=f"{SALT}.{key}"))

    def open(self, key: str) -> FirstAnswer | None:
        """What was answered the first time; None once it cannot be unsealed any more."""
        try:
            return FirstAnswer(json.loads(unseal(self.answer, purpose=f"{SALT}.{key}")))
        except Unsealable:
            return None


class FirstAnswer:
    """What was answered to a form the first time, and what had been in it."""

    def __init__(self, kept: dict[str, Any]) -> None:
        """Take what was sealed."""
        self.kept = kept

    @property
    def sent(self) -> dict[str, list[str]] | None:
        """What was in the form; None where that is not kept."""
        sent: dict[str, list[str]] | None = self.kept["sent"]
        return sent

    @property
    def location(self) -> str:
        """Where the first answer led, or nowhere."""
        headers: dict[str, str] = self.kept["headers"]
        return headers.get("Location") or headers.get("HX-Redirect") or ""

    def is_of(self, mark: str) -> bool:
        """Whether the same had been in the form."""
        return bool(self.kept["mark"] == mark)

    def answer(self) -> HttpResponse:
        """The same answer again."""
        body = zlib.decompress(base64.b64decode(self.kept["body"]))
        response = HttpResponse(body, status=self.kept["status"])
        for name, value in self.kept["headers"].items():
            response.headers[name] = value
        return response


def mark_of(sent: dict[str, list[str]], files: dict[str, bytes]) -> str:
    """A fingerprint of what is in a form, under a secret of ours."""
    content = json.dumps([sorted(sent.items()), sorted((name, data.hex()) for name, data in files.items())])
    return salted_hmac(f"{SALT}.content", content, algorithm="sha256").hexdigest()


def _overdue(now: dt.datetime) -> models.QuerySet[FormKey]:
    return FormKey.objects.filter(day__lt=now.date() - FORM_KEY_RETENTION)


retention.keep(
    FormKey,
    length=FORM_KEY_RETENTION,
    promise="form-keys",
    every=retention.Every.DAY,
    overdue=_overdue,
    in_backups=retention.InBackups.NEVER,
)
row_order.rewrite(FormKey)
