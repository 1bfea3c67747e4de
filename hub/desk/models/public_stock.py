"""Public stock: the list on the public pages of what was here, and what had run out, before the desk opened."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supplies.models import Category, Item
from volunteers.shared.registries import retention, row_order

MAX_HIGHLIGHTS = 4
ORDER_WITHOUT_TILE = 1_000
GENERIC_ICONS = ("package", "boxes")


@dataclass(frozen=True)
class PublicStockCategory:
    """One category of the list: the items that were here, and those that had run out."""

    category: Category
    here: tuple[Item, ...]
    gone: tuple[Item, ...]

    @property
    def highlights(self) -> list[Item]:
        """The first few items that are here: naloxone, then what most people come for."""
        items = sorted(
            self.here, key=lambda item: (not item.naloxone, item.desk_order or ORDER_WITHOUT_TILE, item.name)
        )
        return items[:MAX_HIGHLIGHTS]

    @property
    def icon(self) -> str:
        """The icon of the first item that has one of its own."""
        return next((item.icon for item in self.highlights if item.icon not in GENERIC_ICONS), GENERIC_ICONS[0])


class PublicStock(models.Model):
    """The one public stock list. It is taken before an evening's first desk opens, and stays as it is until 06:00.

    A list that changed while the door is open would tell a person who keeps looking that somebody has just been given
    the last of something. So it never changes then. Opening a desk updates the list before anybody comes in, a job
    updates it every morning, and a coordinator may while nothing has opened yet. Without the job it is the list of the
    last opening, and says of which day it is.
    """

    taken_on = models.DateField(_("made on"))
    here = ArrayField(models.IntegerField(), verbose_name=_("what there was"), default=list)
    gone = ArrayField(models.IntegerField(), verbose_name=_("what had run out"), default=list)

    class Meta:
        db_table = "hub_picture"
        verbose_name = _("copy of the stock list")
        verbose_name_plural = _("copies of the stock list")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="picture_only_one"),
            models.CheckConstraint(condition=~Q(here__overlap=models.F("gone")), name="picture_one_thing_or_the_other"),
        ]

    def __str__(self) -> str:
        return str(self.taken_on)

    @classmethod
    def current(cls) -> PublicStock | None:
        """The list, if one was ever taken."""
        return cls.objects.first()

    @classmethod
    def lock(cls) -> PublicStock:
        """The one row, made if need be and locked until the transaction ends."""
        PublicStock.objects.bulk_create([PublicStock(pk=1, taken_on=timezone.localdate())], ignore_conflicts=True)
        return cls.objects.select_for_update().get(pk=1)

    def rewrite(self) -> None:
        """List what is here now. The caller holds the row's lock."""
        self.taken_on = timezone.localdate()
        items = list(Item.objects.public().with_some_here(self.taken_on))
        self.here = sorted(item.pk for item in items if item.is_here)
        self.gone = sorted(item.pk for item in items if not item.is_here and item.is_wanted)
        self.save()

    def group_by_category(self) -> list[PublicStockCategory]:
        """Its items by category. An item hidden or made public since then is not on the list."""
        items = Item.objects.public().filter(pk__in=[*self.here, *self.gone]).by_category()
        here = frozenset(self.here)
        groups: dict[Category, tuple[list[Item], list[Item]]] = {}
        for item in items:
            groups.setdefault(item.category, ([], []))[item.pk not in here].append(item)
        return [PublicStockCategory(category, tuple(there), tuple(gone)) for category, (there, gone) in groups.items()]


retention.keep(PublicStock, until=retention.FOR_GOOD)
row_order.rewrite(PublicStock)
