"""The catalogue for admins. The ledger and what goes out are not here: nobody edits those."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from supplies.models import Category, Component, Item, Lot, Store

if TYPE_CHECKING:
    CategoryBase = admin.ModelAdmin[Category]
    ItemBase = admin.ModelAdmin[Item]
    LotBase = admin.ModelAdmin[Lot]
    StoreBase = admin.ModelAdmin[Store]
    PartsBase = admin.TabularInline[Component, Item]
else:
    CategoryBase = ItemBase = LotBase = StoreBase = admin.ModelAdmin
    PartsBase = admin.TabularInline


@admin.register(Category)
class CategoryAdmin(CategoryBase):
    """Headings and their order."""

    list_display = ("name", "order")
    list_editable = ("order",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Store)
class StoreAdmin(StoreBase):
    """Where things stand."""

    list_display = ("name", "order", "serves_desk")
    list_editable = ("order",)


class PartsInline(PartsBase):
    """What goes into a pack or bundle. Packs that are made up keep what went into them."""

    model = Component
    fk_name = "kit"
    extra = 0
    autocomplete_fields = ("item",)
    verbose_name_plural = _("what goes into one, if it is a pack or a bundle")


@admin.register(Item)
class ItemAdmin(ItemBase):
    """What we stock, what packs are made of, and tiles on the desk."""

    inlines = (PartsInline,)

    list_display = ("name", "category", "pack_size", "minimum", "target", "desk_order", "desk_tap", "withdrawn")
    list_editable = ("minimum", "target", "desk_order", "desk_tap")
    list_filter = ("kind", "category", "withdrawn", "naloxone", "medicine", "counts_as_set")
    list_select_related = ("category",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Lot)
class LotAdmin(LotBase):
    """Lots come with deliveries; here the cost of one can be put right. Setting aside and recalling have pages."""

    list_display = ("item", "number", "expires_on", "quarantined_since")
    list_filter = ("item__category",)
    list_select_related = ("item",)
    search_fields = ("number", "item__name")
    readonly_fields = ("item", "number", "expires_on", "quarantined_since")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A lot is received, with how many came."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Lot | None = None) -> bool:
        """What went out of it still has to be found."""
        return False
