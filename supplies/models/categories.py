"""Categories: the headings of the shelf."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.shared.name_queries import NameField, OneName


@pghistory.track()
class Category(models.Model):
    """A heading on the shelf. The hub's own to rename and reorder."""

    name = NameField(_("name"), max_length=60)
    slug = models.SlugField(
        _("short name"), max_length=60, unique=True, help_text=_("Part of its web address. It stays as it is.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "pk"]
        constraints = [
            OneName(of="name", name="category_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="category_name_given",
                violation_error_message=_("Write a heading."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
