"""Suppliers: the organisations we order from, and their delivery times."""

from __future__ import annotations

import pghistory
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supplies import forecast
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import retention, row_order


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Questions about suppliers."""

    def with_size(self) -> SupplierQuerySet:
        """Annotate `size`: the number of items usually ordered from each."""
        return self.annotate(size=models.Count("items"))


@pghistory.track()
class Supplier(models.Model):
    """A shop, a wholesaler or a service we order from: an organisation, never a person."""

    name = NameField(_("name"), max_length=80, help_text=_("An organisation, not a person."))
    lead_days = models.PositiveSmallIntegerField(
        _("days until it comes"),
        default=forecast.LEAD_DAYS,
        validators=[MaxValueValidator(365)],
        help_text=_("From the order to the door."),
    )
    how_to_order = models.CharField(
        _("how to order"),
        max_length=300,
        blank=True,
        help_text=_("Their web page or order desk, and our customer number."),
    )

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name__sorted"]
        constraints = [
            OneName(of="name", name="supplier_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="supplier_name_given",
                violation_error_message=_("Write their name."),
            ),
            models.CheckConstraint(
                condition=Q(lead_days__lte=365),
                name="supplier_comes_within_a_year",
                violation_error_message=_("Write one year or less."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


retention.keep(Supplier, until=retention.FOR_GOOD)
row_order.leave(Supplier, because=row_order.LIST)
