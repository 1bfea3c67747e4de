"""The admin of the catalogue. The ledger and the outgoing are left out: nobody edits them."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from supplies.models import Category, Component, Item, Lot, Store
from volunteers.shared.forms.fields import NUMBER_BOXES

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

    formfield_overrides = NUMBER_BOXES
    list_display = ("name", "order")
    list_editable = ("order",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Store)
class StoreAdmin(StoreBase):
    """Stores and their order."""

    formfield_overrides = NUMBER_BOXES
    list_display = ("name", "order", "serves_desk")
    list_editable = ("order",)


class PartsInline(PartsBase):
    """The recipe of a pack or bundle. Packs that are made up keep the recipe they were made with."""

    formfield_overrides = NUMBER_BOXES
    model = Component
    fk_name = "kit"
    extra = 0
    autocomplete_fields = ("item",)
    verbose_name_plural = _("what goes into one, if it is a pack or a bundle")


@admin.register(Item)
class ItemAdmin(ItemBase):
    """Items, the recipes of packs, and the tiles on the desk."""

    formfield_overrides = NUMBER_BOXES
    inlines = (PartsInline,)

    list_display = ("name", "category", "pack_size", "minimum", "target", "desk_order", "desk_tap", "withdrawn")
    list_editable = ("minimum", "target", "desk_order", "desk_tap")
    list_filter = ("kind", "category", "withdrawn", "naloxone", "medicine", "counts_as_set")
    list_select_related = ("category",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Lot)
class LotAdmin(LotBase):
    """Lots, whose cost can be corrected here. Deliveries make them; setting aside and recalling have pages."""

    formfield_overrides = NUMBER_BOXES
    list_display = ("item", "number", "expires_on", "quarantined_since")
    list_filter = ("item__category",)
    list_select_related = ("item",)
    search_fields = ("number", "item__name")
    readonly_fields = ("item", "number", "expires_on", "quarantined_since")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """False: a lot comes with a delivery, which says how many arrived."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Lot | None = None) -> bool:
        """False: the months in which a lot went out must stay known."""
        return False
