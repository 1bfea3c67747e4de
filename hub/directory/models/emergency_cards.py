"""Emergency cards: steps for an emergency, in the hub's own words."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from hub.directory.default_emergency_cards import STARTING_CARDS
from volunteers.shared import locality
from volunteers.shared.registries import retention, row_order


class EmergencyCardQuerySet(models.QuerySet["EmergencyCard"]):
    """Queries on emergency cards, and creating them."""

    def list_cards(self) -> list[EmergencyCard]:
        """Every card in order; the starting cards where there are none, so that the page is never empty."""
        return list(self) or EmergencyCard.make_starting_cards()

    def lay_out(self) -> None:
        """Add the missing starting cards after the existing ones, which stay unchanged."""
        existing = set(self.values_list("slug", flat=True))
        last_order = self.aggregate(last=Max("order"))["last"] or 0
        missing = [card for card in EmergencyCard.make_starting_cards() if card.slug not in existing]
        for card in missing:
            card.order += last_order if existing else 0
        EmergencyCard.objects.bulk_create(missing, ignore_conflicts=True)


@pghistory.track()
class EmergencyCard(models.Model):
    """A card of the emergency page: a title, and steps, one a line. It records nothing about people."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=60)
    icon = models.SlugField(_("icon"), max_length=40, default="life-buoy")
    body = models.TextField(
        _("steps"),
        max_length=1500,
        help_text=_(
            "One step on each line. Keep it short: people read it with shaking hands. "
            "{number} becomes the number to ring."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    agreed_on = models.DateField(
        _("agreed on"),
        null=True,
        blank=True,
        help_text=_(
            "When your union, trainers and legal helpline last checked it. Empty: not yet, and the card says so."
        ),
    )
    first = models.BooleanField(
        _("at the top"),
        default=False,
        help_text=_("Beside the words for the call and the address, before everything else."),
    )

    objects = EmergencyCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency card")
        verbose_name_plural = _("emergency cards")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""),
                name="emergencycard_says_something",
                violation_error_message=_("Write a title and at least one step."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def steps(self) -> list[str]:
        """The steps, in order."""
        body = str(locality.put_number(self.body))
        return [line.strip() for line in body.splitlines() if line.strip()]

    @classmethod
    def make_starting_cards(cls) -> list[EmergencyCard]:
        """The cards a hub starts with, unsaved."""
        return [
            cls(
                slug=card.slug,
                title=str(card.title),
                icon=card.icon,
                body="\n".join(str(step) for step in card.steps),
                order=10 * number,
                first=card.first,
            )
            for number, card in enumerate(STARTING_CARDS, start=1)
        ]


retention.keep(EmergencyCard, until=retention.FOR_GOOD)
row_order.leave(EmergencyCard, because=row_order.LIST)
