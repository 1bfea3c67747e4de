"""What search finds of supplies: items, and the pages about stock."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.items import Item
from volunteers.shared.name_queries import has_words
from volunteers.shared.registries import searching
from volunteers.shared.registries.searching import NamedPage, Searcher, SearchHit

SEE = "supplies.view_item"


def find_items(_person: Any, words: str) -> list[SearchHit]:
    """Items by their names, their category and the supplier's code, those that are withdrawn last."""
    named = Item.objects.filter(has_words(words, "name", "desk_name", "public_name", "category__name", "order_code"))
    items = named.select_related("category").order_by("withdrawn", "name__sorted", "pk")
    return [
        SearchHit(
            item.name,
            reverse("supplies:item", args=[item.slug]),
            _now("withdrawn") if item.withdrawn else item.category.name,
        )
        for item in items[: searching.LIMIT + 1]
    ]


searching.register("items", Searcher(_("Items"), "boxes", find_items, needs=SEE, all_of_them="supplies:shelf"))
searching.register_pages(
    NamedPage(_("Stock"), "supplies:shelf", SEE, _("supplies items shelf")),
    NamedPage(_("To look at"), "supplies:watch", SEE, _("stock low expiring")),
    NamedPage(_("Lots"), "supplies:lots", SEE, _("stock recall expiring")),
    NamedPage(_("Counts"), "supplies:counts", "supplies.count_stock", _("stock stocktake")),
    NamedPage(_("Move things"), "supplies:moves", "supplies.move_stock", _("stock move")),
    NamedPage(_("Deliveries"), "supplies:deliveries", "supplies.receive_delivery", _("stock")),
    NamedPage(_("To read"), "supplies:literature", SEE, _("leaflets")),
    NamedPage(_("Orders"), "supplies:orders", "supplies.manage_orders", _("stock supplies buy")),
    NamedPage(_("Suppliers"), "supplies:suppliers", "supplies.manage_orders", _("settings orders")),
    NamedPage(_("Funds"), "supplies:funds", "supplies.see_money", _("settings money grant donations")),
    NamedPage(_("Asked for and not here"), "supplies:shortfalls", "supplies.see_shortfalls", _("missing wishes")),
)
