"""Lists of opening stock: what is on the shelf on the first day, lot by lot."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hub.imports.columns import Column, read_as, read_name, read_words
from hub.imports.kinds.base import ListKind, Made, Understood
from supplies.forms.fields import build_quantity_field
from supplies.models import Item, Lot, Movement, Store
from supplies.models.ledger import list_stock
from supplies.models.lots import MOST_YEARS_AHEAD
from volunteers.shared.forms.fields import DayField, PriceField
from volunteers.shared.names import fold_name
from volunteers.shared.refusals import NotAllowed


class StockList(ListKind):
    """Quantities of items that are here already. It is for the first day: later ones come as deliveries."""

    slug = "stock"
    title = _lazy("Opening stock")
    about = _lazy("What is on your shelf today, with lot numbers and use-by dates. Take in your items first.")

    def __init__(self, *args: Any, **options: Any) -> None:
        """Ask which items and stores there are, and what the books have received."""
        super().__init__(*args, **options)
        self.items: dict[str, Item] = {}
        for item in Item.objects.filter(withdrawn=False):
            for name in (item.desk_name, item.public_name):
                self.items.setdefault(fold_name(name), item)
        self.items |= {fold_name(item.name): item for item in Item.objects.all()}
        self.items.pop("", None)
        self.stores = {fold_name(store.name): store for store in Store.objects.all()}
        self.main = Store.objects.main()
        places = ("item", "lot__number", "lot__expires_on", "store")
        received = Movement.objects.filter(kind=Movement.Kind.RECEIVED).order_by().values_list(*places)
        self.received = {
            (item, fold_name(number or ""), day, store)
            for item, number, day, store, total in received.annotate(total=Sum("quantity"))
            if total > 0
        }
        self.columns = list_columns()

    def name_line(self, cells: dict[str, str]) -> str:
        """The item and its lot."""
        return " · ".join(filter(None, (cells.get("item"), cells.get("lot_number"))))

    def read_cell(self, column: Column, cell: str, values: dict[str, Any]) -> Any:
        """Read the item first, and then how many as people count it."""
        if column.name == "quantity" and cell:
            item = values.get("item")
            return build_quantity_field(item, min_value=0).clean(cell) if item else None
        value = super().read_cell(column, cell, values)
        if column.name == "item":
            return self._find_item(value)
        return self._find_store(value) if column.name == "store" else value

    def _find_item(self, name: str) -> Item:
        item = self.items.get(fold_name(name))
        if item is None:
            raise ValidationError(_("There is no item of this name. Take in your items first, or write its name so."))
        if item.is_bundle:
            raise ValidationError(_("This is a bundle: only what is in it is stock."))
        return item

    def _find_store(self, name: str) -> Store:
        store = self.stores.get(fold_name(name)) if name else self.main
        if store is None:
            known = ", ".join(store.name for store in self.stores.values())
            raise ValidationError(_("There is no such place. There are: %(places)s.") % {"places": known})
        return store

    def judge(self, number: int, line: Understood) -> None:
        """Known where the books have received this lot here; wrong where the item asks for more."""
        values, today = line.values, timezone.localdate()
        item, day = values["item"], values["expires_on"]
        lot = Lot(item=item, number=values["lot_number"], expires_on=day)
        try:
            lot.clean()
        except ValidationError as problem:
            line.wrong += problem.messages
        if day and abs(day.year - today.year) > MOST_YEARS_AHEAD:
            line.wrong.append(_("The use-by date is in %(year)d. Check the year.") % {"year": day.year})
        elif day and day < today:
            line.notes.append(_("This is past its date. It is taken in, and shown as past."))
        key = self._key(values)
        if not values["quantity"]:
            line.known = _("There is none of it, so there is nothing to take in.")
        elif key in self.received:
            line.known = _("We have this already. If the number is wrong, count it on the shelf.")
        elif not line.wrong:
            line.known = self.note_line(key, number)

    def _key(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return values["item"].pk, fold_name(values["lot_number"]), values["expires_on"], values["store"].pk

    def take_in(self, line: Understood) -> Made:
        """Put it on the shelf, as a delivery does."""
        values = line.values
        lot = values["item"].receive(
            values["quantity"],
            lot_number=values["lot_number"],
            expires_on=values["expires_on"],
            cost=values["cost"],
            store=values["store"],
            by=self.by,
            reason=_("Opening stock"),
        )
        self.received.add(self._key(values))
        written = Movement.objects.filter(item=values["item"], lot=lot, kind=Movement.Kind.RECEIVED)
        return Made(act=written.order_by("-pk").values_list("act", flat=True)[0])

    def undo(self, line: Any) -> None:
        """Take it off the books again, while all of it is where it was put."""
        rows = list(Movement.objects.filter(act=line.act).select_related("item", "lot", "store"))
        received = next((row for row in rows if row.kind == Movement.Kind.RECEIVED), None)
        if received is None:
            raise NotAllowed(_("It is gone already."))
        item, lot = received.item, received.lot
        Item.objects.filter(pk=item.pk).lock()
        since = Movement.objects.filter(item=item, lot=lot, pk__gt=received.pk).exclude(act=line.act)
        here = sum(row.quantity for row in list_stock(item=item.pk, lot=lot.pk if lot else None))
        if since.exists() or here < received.quantity:
            raise NotAllowed(_("Some of it was given out, moved or counted since, so it stays."))
        item.receive_less(
            received.quantity, lot=lot, store=received.store, by=self.by, reason=_("Opening stock taken back")
        )


def list_columns() -> list[Column]:
    """The columns of a list of opening stock; the item is read before how many."""
    return [
        Column("item", _lazy("Item"), read_name(80), _lazy("Foil, small sheets"), required=True, also=("name",)),
        Column("quantity", _lazy("How many"), int, _lazy("20 packs"), required=True, also=("quantity", "qty")),
        Column("lot_number", _lazy("Lot number"), read_name(60), "A12", also=("lot", "batch")),
        Column(
            "expires_on",
            _lazy("Use by"),
            read_as(DayField(required=False, month_is_enough=True)),
            "11/2027",
            also=("expires", "expiry", "expiry date", "use by date"),
        ),
        Column("cost", _lazy("Price of one"), read_as(PriceField()), "0.04", also=("price", "cost")),
        Column("store", _lazy("Place"), read_words(60), also=("store", "where")),
    ]
