"""Stores: the places where things stand."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import retention, row_order


class StoreQuerySet(models.QuerySet["Store"]):
    """Questions about stores."""

    def main(self) -> Store:
        """The store that deliveries go to and giving out takes from, unless another is chosen: the first in order.

        It is made here if there is none yet, so that nothing ever waits for somebody to set up a cupboard.
        """
        return self.order_by("order", "pk").first() or self.get_or_create(name="Cupboard", defaults={"order": 1})[0]

    def for_the_desk(self) -> Store:
        """The store the desk takes from: the one set for it, else the main one."""
        return self.order_by("-serves_desk", "order", "pk").first() or self.main()

    def are_several(self) -> bool:
        """Whether there is a choice; with one store nobody is asked."""
        return self.count() > 1


@pghistory.track()
class Store(models.Model):
    """A place where things stand: the cupboard, the desk, the outreach bag."""

    name = NameField(_("name"), max_length=60)
    order = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("The lowest is the main one. Deliveries go there.")
    )
    serves_desk = models.BooleanField(
        _("the desk takes from here"),
        default=False,
        help_text=_("One at most. If you choose none, the desk takes from the main one."),
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["order", "pk"]
        constraints = [
            OneName(of="name", name="store_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="store_name_given",
                violation_error_message=_("Write the name of this place."),
            ),
            models.UniqueConstraint(
                fields=["serves_desk"],
                condition=Q(serves_desk=True),
                name="store_one_serves_the_desk",
                violation_error_message=_("The desk takes from one place only. Remove the tick from the other first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


retention.keep(Store, until=retention.FOR_GOOD)
row_order.leave(Store, because=row_order.LIST)
