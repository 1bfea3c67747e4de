"""Handovers: what one shift leaves for the next to know. Not about visitors, and it expires."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.desk.models.openings import Opening
from volunteers.shared.registries import retention, row_order

KEPT_DAYS = 14


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Questions about handovers, writing one, and forgetting."""

    def current(self, today: dt.date | None = None) -> HandoverQuerySet:
        """Those that have not expired, the latest first."""
        return self.filter(expires_on__gte=today or timezone.localdate()).order_by("-opening__date", "-pk")

    def last(self, place: str = "") -> Handover | None:  # type: ignore[override]
        """What the last shift at this place left, if it still holds."""
        return self.current().filter(opening__place=place).select_related("opening").first()

    def add(self, opening: Opening, *, note: str, to_order: str) -> None:
        """Leave these words below what somebody else left, who closed the same desk first. Again changes nothing."""
        with transaction.atomic():
            Opening.objects.select_for_update(no_key=True).get(pk=opening.pk)
            there = self.filter(opening=opening).first()
            left = (there.note, there.to_order) if there else ("", "")
            new = [word for word in (note, to_order) if word and not any(_says(words, word) for words in left)]
            if there and new:
                there.note = "\n\n".join(filter(None, (there.note, *new)))
                there.save(update_fields=["note"])
            elif not there:
                self.write(opening, note=note, to_order=to_order)

    def write(self, opening: Opening, *, note: str, to_order: str) -> None:
        """Leave these words for the next shift. Closing again writes over them; no words at all take them away."""
        if note or to_order:
            expires_on = opening.date + dt.timedelta(days=KEPT_DAYS)
            self.update_or_create(
                opening=opening, defaults={"note": note, "to_order": to_order, "expires_on": expires_on}
            )
        else:
            self.filter(opening=opening).delete()

    def forget_old(self) -> int:
        """Delete what has expired; how many."""
        return self.filter(expires_on__lt=timezone.localdate()).delete()[0]


class Handover(models.Model):
    """A note from one evening's shift to the next. It has no author and no hour, and says nothing of visitors."""

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


def _says(words: str, more: str) -> bool:
    """Whether this stands there already, as paragraphs of its own: a word within a sentence is not that."""
    return f"\n\n{more}\n\n" in f"\n\n{words}\n\n"


retention.keep(
    Handover,
    length=dt.timedelta(days=KEPT_DAYS),
    promise="handovers",
    every=retention.Every.TEN_MINUTES,
    delete=Handover.objects.forget_old,
    overdue=lambda now: Handover.objects.filter(expires_on__lt=now.date()),
    in_backups=retention.InBackups.OPEN_DESK,
)
row_order.leave(Handover, because="one row an evening, and not about visitors")
