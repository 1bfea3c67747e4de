"""The picture of the shelf that strangers see: what there is and what there is not, as it was before we opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from supplies.models import Category, Item
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

A_FEW = 4
LAST = 1_000
PARCELS = ("package", "boxes")


@dataclass(frozen=True)
class Shelf:
    """One heading of the list: what there was under it, and what had run out."""

    category: Category
    here: tuple[Item, ...]
    gone: tuple[Item, ...]

    @property
    def few(self) -> list[Item]:
        """The first of what there is: naloxone, then what most people come for."""
        return sorted(self.here, key=lambda item: (not item.naloxone, item.desk_order or LAST, item.name))[:A_FEW]

    @property
    def icon(self) -> str:
        """The icon of the first that has one of its own."""
        return next((item.icon for item in self.few if item.icon not in PARCELS), PARCELS[0])


class Picture(models.Model):
    """The one picture. It is taken before an evening's first desk opens, and stays as it is until 06:00.

    A list that changed while the door is open would tell whoever keeps looking at it that somebody has just been
    given the last of something. So it never does: opening a desk takes the picture before it lets anybody in, the
    job of every morning takes one, and so may a coordinator while nothing has opened yet. With nobody to run the job
    it is the picture of the last opening, and says of which day it is.
    """

    taken_on = models.DateField(_("taken on"))
    here = ArrayField(models.IntegerField(), verbose_name=_("what there was"), default=list)
    gone = ArrayField(models.IntegerField(), verbose_name=_("what had run out"), default=list)

    class Meta:
        verbose_name = _("picture of the shelf")
        verbose_name_plural = _("pictures of the shelf")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="picture_only_one"),
            models.CheckConstraint(condition=~Q(here__overlap=models.F("gone")), name="picture_one_thing_or_the_other"),
        ]

    def __str__(self) -> str:
        return str(self.taken_on)

    @classmethod
    def current(cls) -> Picture | None:
        """The picture, if one was ever taken."""
        return cls.objects.first()

    @classmethod
    def is_fixed(cls) -> bool:
        """Whether this evening's door has opened, so that the picture stays as it is."""
        from hub.desk.models.openings import Opening  # noqa: PLC0415 -- opening a desk takes the picture

        tonight = periods.tonight()
        evening = Opening.objects.filter(date=tonight).exclude(state=Opening.State.CANCELLED)
        return evening.union(Opening.objects.open()).exists()

    @classmethod
    def take(cls) -> bool:
        """Take the picture, unless a desk has opened this evening; returns whether it was taken.

        Two who open at once: the second waits for the first, and then finds that a desk is open.
        """
        today = timezone.localdate()
        with transaction.atomic():
            Picture.objects.bulk_create([Picture(pk=1, taken_on=today)], ignore_conflicts=True)
            picture = cls.objects.select_for_update().get(pk=1)
            if cls.is_fixed():
                return False
            things = list(Item.objects.public().with_some_here(today))
            picture.taken_on = today
            picture.here = sorted(item.pk for item in things if item.is_here)
            picture.gone = sorted(item.pk for item in things if not item.is_here and item.is_wanted)
            picture.save()
        return True

    @classmethod
    def take_again(cls) -> None:
        """Take it because somebody asked. Raises NotAllowed once a desk has opened."""
        if not cls.take():
            raise NotAllowed(_now("A desk has opened this evening, so the list stays as it is until the morning."))

    def shelves(self) -> list[Shelf]:
        """Heading by heading; what is off the list by now, or was put on it since, is not in the picture."""
        items = Item.objects.public().filter(pk__in=[*self.here, *self.gone]).by_category()
        return _by_category(items, frozenset(self.here))

    def is_of(self, day: dt.date) -> bool:
        """Whether it was taken on this day."""
        return self.taken_on == day


def _by_category(items: Iterable[Item], here: frozenset[int]) -> list[Shelf]:
    found: dict[Category, tuple[list[Item], list[Item]]] = {}
    for item in items:
        found.setdefault(item.category, ([], []))[item.pk not in here].append(item)
    return [Shelf(category, tuple(there), tuple(gone)) for category, (there, gone) in found.items()]


retention.keep(Picture, until=retention.FOR_GOOD)
row_order.leave(Picture, because="one row")
