"""Handovers: notes from one shift to the next. They are not about visitors, and expire."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.desk.models.openings import Opening
from volunteers.shared.registries import retention, row_order

RETENTION_DAYS = 14


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Queries about handovers, writing one, and deleting old ones."""

    def current(self, today: dt.date | None = None) -> HandoverQuerySet:
        """Handovers that have not expired, the latest first."""
        return self.filter(expires_on__gte=today or timezone.localdate()).order_by("-opening__date", "-pk")

    def last(self, place: str = "") -> Handover | None:  # type: ignore[override]
        """The handover of the last shift at this place, if it has not expired."""
        return self.current().filter(opening__place=place).select_related("opening").first()

    def add(self, opening: Opening, *, note: str, to_order: str) -> None:
        """Add these words to the handover of somebody who closed the same desk first. Again changes nothing."""
        with transaction.atomic():
            Opening.objects.select_for_update(no_key=True).get(pk=opening.pk)
            handover = self.filter(opening=opening).first()
            if handover is None:
                self.write(opening, note=note, to_order=to_order)
                return
            known = (handover.note, handover.to_order)
            new = [text for text in (note, to_order) if text and not any(_contains(words, text) for words in known)]
            if new:
                handover.note = "\n\n".join(filter(None, (handover.note, *new)))
                handover.save(update_fields=["note"])

    def write(self, opening: Opening, *, note: str, to_order: str) -> None:
        """Write the handover of an evening. Closing again writes over it; no words at all delete it."""
        if note or to_order:
            expires_on = opening.date + dt.timedelta(days=RETENTION_DAYS)
            self.update_or_create(
                opening=opening, defaults={"note": note, "to_order": to_order, "expires_on": expires_on}
            )
        else:
            self.filter(opening=opening).delete()

    def forget_old(self) -> int:
        """Delete expired handovers. Returns how many."""
        return self.filter(expires_on__lt=timezone.localdate()).delete()[0]


class Handover(models.Model):
    """A note from one evening's shift to the next. It has no author and no hour, and is not about visitors."""

    opening = models.OneToOneField(Opening, on_delete=models.PROTECT, related_name="handover")
    note = models.TextField(_("for the next shift"), max_length=800, blank=True)
    to_order = models.CharField(_("to order"), max_length=300, blank=True)
    expires_on = models.DateField(_("shown until"))

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(note="") | ~Q(to_order=""), name="handover_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.expires_on)


def _contains(words: str, text: str) -> bool:
    """Whether these words hold the text already, as paragraphs of its own: a word within a sentence does not count."""
    return f"\n\n{text}\n\n" in f"\n\n{words}\n\n"


retention.keep(
    Handover,
    length=dt.timedelta(days=RETENTION_DAYS),
    promise="handovers",
    every=retention.Every.TEN_MINUTES,
    delete=Handover.objects.forget_old,
    overdue=lambda now: Handover.objects.filter(expires_on__lt=now.date()),
    in_backups=retention.InBackups.OPEN_DESK,
)
row_order.rewrite(Handover)
