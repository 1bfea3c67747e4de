"""Forms of one item: counting it, wasting some, making packs up and taking them apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import build_quantity_field, set_choices
from supplies.models import Item, Lot, Store
from supplies.models.counts import ItemLot
from supplies.models.ledger import MAX_QUANTITY, Row
from volunteers.shared.forms.fields import WholeField


class Spot:
    """One lot in one store, with its stock in the books, in words people use."""

    def __init__(self, row: Row, lots: dict[int, Lot], stores: dict[int, Store]) -> None:
        """Take the row's lot and store from these, read beforehand."""
        self.row, self.store = row, stores[row.store_id]
        self.lot = lots.get(row.lot_id) if row.lot_id else None
        self.key = f"{row.lot_id or 0}-{row.store_id}"
        self.shows_store = len(stores) > 1

    @property
    def words(self) -> str:
        """The spot in words: “Lot A12, use by 20 May 2027 · Cupboard”."""
        return " · ".join([name_of(self.lot), *([self.store.name] if self.shows_store else [])])


def name_of(lot: Lot | None) -> str:
    """The name that tells a lot from others."""
    if lot is None:
        return _now("In no lot we know")
    name = _now("Lot %(number)s") % {"number": lot.number} if lot.number else _now("No number")
    if lot.expires_on:
        name += " · " + _now("use by %(day)s") % {"day": date_format(lot.expires_on, "SHORT_DATE_FORMAT")}
    return name


class ItemCountForm(forms.Form):
    """The numbers found, spot by spot; an empty box was not looked at."""

    def __init__(self, spots: Iterable[Spot], item: Item, *args: Any, **kwargs: Any) -> None:
        """Make one box for each spot."""
        super().__init__(*args, **kwargs)
        self.spots = list(spots)
        for spot in self.spots:
            self.fields[spot.key] = build_quantity_field(item, label=spot.words, required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        """Ask for at least one number."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and all(number is None for number in data.values()):
            raise forms.ValidationError(_now("Write how many you found, in one box or more."))
        return data

    @property
    def quantities(self) -> dict[tuple[ItemLot, int], int]:
        """(ItemLot, store) → the number found; call it on a valid form."""
        return {
            (ItemLot(spot.row.item_id, spot.row.lot_id), spot.row.store_id): self.cleaned_data[spot.key]
            for spot in self.spots
            if self.cleaned_data[spot.key] is not None
        }


class SpotForm(forms.Form):
    """A quantity of one lot in one store."""

    spot = forms.ChoiceField(label=_("Which"), widget=forms.RadioSelect)
    quantity = WholeField(label=_("How many"), min_value=1, max_value=MAX_QUANTITY)

    def __init__(self, spots: Iterable[Spot], item: Item, *args: Any, **kwargs: Any) -> None:
        """Offer these spots, each with its stock; an only spot is chosen already."""
        super().__init__(*args, **kwargs)
        self.spots = {spot.key: spot for spot in spots if spot.row.quantity > 0}
        self.fields["quantity"] = build_quantity_field(item, label=_("How many"), min_value=1)
        words = [(key, f"{spot.words}: {item.amount(spot.row.quantity)}") for key, spot in self.spots.items()]
        set_choices(self, "spot", words)
        if len(words) == 1:
            self.fields["spot"].initial = words[0][0]

    @property
    def chosen(self) -> Spot:
        """The chosen spot; call it on a valid form."""
        return self.spots[self.cleaned_data["spot"]]


class WasteForm(SpotForm):
    """The stock thrown away, and the reason."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=120,
        required=False,
        help_text=_("About the things, never about a person: “past its date”, “wet”."),
    )

    @property
    def waste(self) -> dict[str, Any]:
        """The arguments of `Item.waste`; call it on a valid form."""
        spot = self.chosen
        about = {name: self.cleaned_data[name] for name in ("quantity", "reason")}
        return about | {"lot": spot.lot, "store": spot.store}


class AssemblyForm(forms.Form):
    """The number of packs to make up, and the store of their parts."""

    store = forms.ModelChoiceField(label=_("From the parts in"), queryset=Store.objects.all(), empty_label=None)
    number = WholeField(label=_("How many packs"), min_value=1, max_value=MAX_QUANTITY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave out the store while there is only one."""
        super().__init__(*args, **kwargs)
        stores = list(Store.objects.all())
        self.fields["store"].initial = stores[0].pk if stores else None
        if len(stores) <= 1:
            del self.fields["store"]
