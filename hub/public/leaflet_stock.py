"""Tells the School how many there are of the leaflets that it teaches with."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone

from school import leaflet_stock
from school.leaflet_stock import LeafletStock
from supplies.models import Item


def find_leaflet_stock(slugs: Collection[str] | None) -> list[LeafletStock]:
    """Find the leaflets of these short names, or all in use, with what can be handed out today. One statement."""
    items = Item.objects.active().filter(leaflet__isnull=False).select_related("leaflet")
    if slugs is not None:
        items = items.filter(slug__in=slugs)
    counted = items.with_on_hand().with_unusable(timezone.localdate()).order_by("name__sorted", "pk")
    return [
        LeafletStock(
            item.slug,
            f"{item.display_name} ({item.leaflet})",
            item.to_give,
            reverse("supplies:leaflet", args=[item.slug]),
        )
        for item in counted
    ]


leaflet_stock.register(find_leaflet_stock)
