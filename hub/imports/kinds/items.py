"""Lists of items: what a hub stocks, and how it is counted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hub.imports.columns import Column, read_as, read_name, read_words, read_yes_or_no
from hub.imports.kinds.base import ListKind, Made, Understood
from hub.imports.untouched import mark_rows, refuse_if_changed, refuse_if_used
from supplies.models import Category, Item
from supplies.models.ledger import MAX_QUANTITY
from volunteers.shared.forms.fields import WholeField
from volunteers.shared.names import fold_name
from volunteers.shared.refusals import NotAllowed

MAX_PACK = 32_767


class ItemList(ListKind):
    """Items, each in a group of the shelf."""

    slug = "items"
    title = _lazy("Items")
    about = _lazy("What you stock, and how you count it. How many you have is another list: opening stock.")
    fields: ClassVar = ("name", "public_name", "pack_size", "minimum", "target", "tracks_expiry", "tracks_lot")

    def __init__(self, *args: Any, **options: Any) -> None:
        """Ask which items and groups there are."""
        super().__init__(*args, **options)
        self.names = {fold_name(name) for name in Item.objects.values_list("name", flat=True)}
        self.groups = {fold_name(group.name): group for group in Category.objects.all()}
        self.columns = list_columns()

    def read_cell(self, column: Column, cell: str, values: dict[str, Any]) -> Any:
        """Read how many also in packs, where the line says what is in one."""
        if column.name in ("minimum", "target") and cell:
            units = tuple(filter(None, (values.get("unit"), values.get("units"))))
            size = values.get("pack_size") or 1
            field = WholeField(pack_size=size if size > 1 else None, units=units, min_value=0, max_value=MAX_QUANTITY)
            return field.clean(cell)
        return super().read_cell(column, cell, values)

    def judge(self, number: int, line: Understood) -> None:
        """Known by its name; wrong with a group that is not here, or numbers that do not fit."""
        values = line.values
        if bool(values["unit"]) != bool(values["units"]):
            line.wrong.append(_("Say what one of it is called, and what several are called: sachet, sachets."))
        if values["minimum"] is not None and values["target"] is not None and values["target"] < values["minimum"]:
            line.wrong.append(_("The target should be at least the minimum."))
        self._judge_group(line)
        key = fold_name(values["name"])
        if key in self.names:
            line.known = _("There is an item of this name.")
        elif not line.wrong:
            line.known = self.note_line(key, number)

    def _judge_group(self, line: Understood) -> None:
        group = line.values["category"]
        if fold_name(group) in self.groups:
            return
        about = {"name": group, "groups": ", ".join(known.name for known in self.groups.values())}
        if self.adds_headings:
            line.notes.append(_("The group “%(name)s” is new, and is added.") % about)
        else:
            line.wrong.append(_("There is no group “%(name)s”. There are: %(groups)s.") % about)

    def take_in(self, line: Understood) -> Made:
        """Make the item, and its group where that may be."""
        values, made = line.values, None
        group = self.groups.get(fold_name(values["category"]))
        if group is None:
            slug = find_free(Category, values["category"], "group")
            made = group = Category(name=values["category"], slug=slug)
            group.full_clean()
            group.save()
            self.groups[fold_name(group.name)] = group
        item = Item(
            category=group,
            slug=find_free(Item, values["name"], "item"),
            unit=values["unit"] or _("piece"),
            units=values["units"] or _("pieces"),
            **{name: values[name] for name in self.fields},
        )
        item.full_clean()
        item.save()
        self.names.add(fold_name(item.name))
        return Made(item=item, category=made, mark=mark_item(item))

    def undo(self, line: Any) -> None:
        """Delete the item, and the group that was made for it once that is empty."""
        item = next(iter(Item.objects.filter(pk=line.item_id).lock()), None) if line.item_id else None
        if item is None:
            raise NotAllowed(_("It is gone already."))
        refuse_if_changed(mark_item(item), line.mark)
        refuse_if_used(item, but=[type(line)])
        item.delete()
        if line.category and not line.category.items.exists():
            line.category.delete()


def mark_item(item: Item) -> str:
    """A fingerprint of an item."""
    return mark_rows([Item.objects.get(pk=item.pk)])


def find_free(model: Any, name: str, otherwise: str) -> str:
    """A short name like this name, that nothing of the model has."""
    near = slugify(name)[:34] or otherwise
    taken = set(model.objects.filter(slug__startswith=near).values_list("slug", flat=True))
    return next(slug for n in range(len(taken) + 1) if (slug := f"{near}-{n + 1}" if n else near) not in taken)


def list_columns() -> list[Column]:
    """The columns of a list of items; a pack is read before what may be counted in packs."""
    return [
        Column("name", _lazy("Item"), read_name(80), _lazy("Foil, small sheets"), required=True, also=("name",)),
        Column("category", _lazy("Group"), read_name(60), _lazy("Smoking"), required=True, also=("category",)),
        Column("public_name", _lazy("What people call it"), read_words(80), also=("public name",)),
        Column("unit", _lazy("One of it"), read_words(30), _lazy("sheet"), also=("unit",)),
        Column("units", _lazy("Several of it"), read_words(30), _lazy("sheets"), also=("units",)),
        Column(
            "pack_size",
            _lazy("Pack of"),
            lambda cell: read_as(WholeField(min_value=1, max_value=MAX_PACK))(cell or "1"),
            "50",
            also=("pack size", "pack"),
        ),
        Column("minimum", _lazy("Minimum"), _read_nothing, "200", also=("min",)),
        Column("target", _lazy("Target"), _read_nothing, _lazy("20 packs"), also=("max",)),
        Column("tracks_expiry", _lazy("Has a use-by date"), read_yes_or_no, _lazy("no"), also=("expires",)),
        Column("tracks_lot", _lazy("Keep lot numbers"), read_yes_or_no, _lazy("no"), also=("lots",)),
    ]


def _read_nothing(_cell: str) -> None:
    """An empty number."""
