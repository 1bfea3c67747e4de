"""Desk devices: a tablet or phone that is a desk for one evening, with nobody signed in on it."""

from __future__ import annotations

import hashlib
import secrets
import time

import pgtrigger
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.desk.exceptions import DeskClosed
from hub.desk.models.openings import Opening
from volunteers.shared.registries import retention, row_order

CODE_ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
"""No letter or digit that looks like another."""

CODE_LENGTH = 8
CODE_TTL = 10 * 60
"""A code works for ten minutes at least and twenty at most. Of 27⁸ codes a guess a second finds none in a lifetime."""

MAX_DEVICES = 8


class DeskDeviceQuerySet(models.QuerySet["DeskDevice"]):
    """Queries about desk devices, and pairing."""

    def live(self) -> DeskDeviceQuerySet:
        """Devices of desks that are open this evening."""
        return self.filter(opening__state=Opening.State.OPEN, opening__date=periods.tonight()).select_related("opening")

    def get_by_token(self, token: str) -> DeskDevice | None:
        """The paired device with this cookie, while its desk is open."""
        return self.live().filter(paired=True, key=_digest(token)).first() if token else None

    @transaction.atomic
    def invite(self, opening: Opening) -> DeskDevice:
        """Add a device to this desk, with a code to pair it by. Raises DeskClosed."""
        opening = Opening.objects.select_for_update(no_key=True).get(pk=opening.pk)
        if not opening.is_open:
            raise DeskClosed(_now("The desk is closed. Open it first, then pair a device."))
        self.filter(opening=opening, paired=False).delete()
        paired = self.filter(opening=opening)
        if paired.count() >= MAX_DEVICES:
            raise DeskClosed(_now("There are enough devices tonight. Remove one before you pair another."))
        number = (paired.aggregate(last=Max("number"))["last"] or 0) + 1
        return self.create(opening=opening, number=number, key=secrets.token_hex(32))

    @transaction.atomic
    def pair(self, code: str) -> tuple[DeskDevice, str]:
        """Pair the device somebody typed this code on. Returns it and the value of its cookie. Raises DeskClosed.

        A code works once: the device it was made for waits no more.
        """
        typed = "".join(letter for letter in code.upper() if letter in CODE_ALPHABET)
        for device in self.live().filter(paired=False).select_for_update(of=("self",)):
            if any(secrets.compare_digest(typed, known) for known in device.codes()):
                token = secrets.token_urlsafe(32)
                device.key, device.paired = _digest(token), True
                device.save(update_fields=["key", "paired"])
                return device, token
        raise DeskClosed(_now("That code does not work. Ask the shift lead for a new one."))


class DeskDevice(models.Model):
    """One device at one desk. It may use the pages under `/desk/`, and is deleted when the desk closes."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="devices")
    number = models.PositiveSmallIntegerField(_("number"))
    # Waiting: the seed of its code. Paired: the digest of its cookie, and not the cookie itself.
    key = models.CharField(max_length=64, unique=True)
    paired = models.BooleanField(default=False)

    objects = DeskDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk device")
        verbose_name_plural = _("desk devices")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["opening", "number"], name="deskdevice_number_once"),
            models.UniqueConstraint(fields=["opening"], condition=Q(paired=False), name="deskdevice_one_waits"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_at_an_open_desk",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT FROM hub_opening WHERE id = NEW.opening_id AND state = 'open') THEN
                        RAISE EXCEPTION 'a desk device needs an open desk' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return _now("Device %(number)d") % {"number": self.number}

    @property
    def code(self) -> str:
        """The code to type on the device now, in two halves."""
        code = self.codes()[0]
        return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"

    def codes(self) -> tuple[str, str]:
        """Codes that work at this moment: of these ten minutes and the ten before. No time is stored for it."""
        step = int(time.time()) // CODE_TTL
        return self._build_code(step), self._build_code(step - 1)

    def _build_code(self, step: int) -> str:
        number = int(salted_hmac("hub.deskdevice.code", f"{self.key} {step}", algorithm="sha256").hexdigest(), 16)
        letters = []
        for _n in range(CODE_LENGTH):
            number, index = divmod(number, len(CODE_ALPHABET))
            letters.append(CODE_ALPHABET[index])
        return "".join(letters)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


retention.keep(DeskDevice, until="until the desk closes", promise="handovers", in_backups=retention.InBackups.NEVER)
row_order.rewrite(DeskDevice)
