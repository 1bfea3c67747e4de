"""Desk devices: a tablet or phone that is the desk for one evening, without anybody signed in on it."""

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
from hub.desk.models.openings import Closed, Opening
from volunteers.shared.registries import retention, row_order

LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
"""No letter or digit that is taken for another."""

CODE_LENGTH = 8
CODE_SECONDS = 10 * 60
"""A code works for ten minutes at least and twenty at most. Of 27⁸ codes a guess a second finds none in a lifetime."""

MOST_DEVICES = 8


class DeskDeviceQuerySet(models.QuerySet["DeskDevice"]):
    """Questions about desk devices, and pairing."""

    def live(self) -> DeskDeviceQuerySet:
        """Those of desks that are open this evening."""
        return self.filter(opening__state=Opening.State.OPEN, opening__date=periods.tonight()).select_related("opening")

    def of(self, token: str) -> DeskDevice | None:
        """The paired device this cookie belongs to, while its desk is open."""
        return self.live().filter(paired=True, key=_digest(token)).first() if token else None

    @transaction.atomic
    def invite(self, opening: Opening) -> DeskDevice:
        """A place for one more device at this desk, with a code to pair it by. Raises Closed."""
        opening = Opening.objects.select_for_update(no_key=True).get(pk=opening.pk)
        if not opening.is_open:
            raise Closed(_now("The desk is closed. Open it first, then pair a device."))
        self.filter(opening=opening, paired=False).delete()
        there = self.filter(opening=opening)
        if there.count() >= MOST_DEVICES:
            raise Closed(_now("There are enough devices tonight. Take one off before you pair another."))
        number = (there.aggregate(last=Max("number"))["last"] or 0) + 1
        return self.create(opening=opening, number=number, key=secrets.token_hex(32))

    @transaction.atomic
    def pair(self, code: str) -> tuple[DeskDevice, str]:
        """Pair the device somebody typed this code on; it and what its cookie is to say. Raises Closed.

        A code works once: whoever comes second with it finds nobody waiting.
        """
        typed = "".join(letter for letter in code.upper() if letter in LETTERS)
        for device in self.live().filter(paired=False).select_for_update(of=("self",)):
            if any(secrets.compare_digest(typed, known) for known in device.codes()):
                token = secrets.token_urlsafe(32)
                device.key, device.paired = _digest(token), True
                device.save(update_fields=["key", "paired"])
                return device, token
        raise Closed(_now("That code does not work, or not any more. Ask tonight’s lead for a new one."))


class DeskDevice(models.Model):
    """One device at one desk. It is gone when the desk closes; until then it may do what is under `/desk/`."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="devices")
    number = models.PositiveSmallIntegerField(_("number"))
    # Waiting: what its code is made from. Paired: what its cookie is known by, and not the cookie itself.
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
        """What to type on the device now, in two halves."""
        code = self.codes()[0]
        return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"

    def codes(self) -> tuple[str, str]:
        """The codes that work at this moment: this ten minutes' and the last. No time is written down for it."""
        step = int(time.time()) // CODE_SECONDS
        return self._code(step), self._code(step - 1)

    def _code(self, step: int) -> str:
        mark = int(salted_hmac("hub.deskdevice.code", f"{self.key} {step}", algorithm="sha256").hexdigest(), 16)
        letters = []
        for _n in range(CODE_LENGTH):
            mark, which = divmod(mark, len(LETTERS))
            letters.append(LETTERS[which])
        return "".join(letters)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


retention.keep(DeskDevice, until="until the desk closes", promise="handovers", in_backups=retention.InBackups.NEVER)
row_order.leave(DeskDevice, because="gone once the desk closes")
