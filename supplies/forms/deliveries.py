"""Forms of deliveries: about the whole, and line by line."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import set_choices
from supplies.forms.orders import KeyForm
from supplies.models import Delivery, DeliveryLine, Fund, Item, Order
from supplies.models.delivery_lines import MAX_UNITS
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, MoneyField, PriceField, WholeField
from volunteers.shared.forms.readers import NotUnderstood, read_quantity

LARGE_QUANTITY = 10_000
MAX_SHELF_LIFE = dt.timedelta(days=366 * 15)


class StartDeliveryForm(KeyForm):
    """The start of a delivery: of an order on its way, or of none."""

    order = forms.ModelChoiceField(queryset=Order.objects.all(), required=False, widget=forms.HiddenInput)


class DeliveryForm(EditForm, forms.ModelForm):
    """Supplier and store of a delivery, and for people who see money its fund and carriage."""

    class Meta:
        model = Delivery
        fields = ("supplier", "store", "fund", "carriage")
        field_classes = {"carriage": MoneyField}

    def __init__(self, *args: Any, money: bool, several_stores: bool, **kwargs: Any) -> None:
        """Leave out money for people who do not see it, and the store while there is only one."""
        super().__init__(*args, **kwargs)
        if money:
            set_choices(self, "fund", Fund.objects.in_use())
        else:
            del self.fields["fund"], self.fields["carriage"]
        if not several_stores:
            del self.fields["store"]


class DeliveryLineForm(EditForm, forms.Form):
    """One lot of one item, with only the fields its item needs. Unlikely values are asked again before saving."""

    PACKS, UNITS = "packs", "units"

    key = forms.UUIDField(widget=forms.HiddenInput)
    quantity = WholeField(label=_("How many"), pack_size=1, min_value=1, max_value=MAX_UNITS)
    counted = forms.ChoiceField(label=_("Counted in"), widget=forms.RadioSelect)
    lot_number = forms.CharField(
        label=_("Lot number"), max_length=60, help_text=_("As printed on the box, often after “LOT”.")
    )
    expires_on = DayField(
        label=_("Use by"),
        month_is_enough=True,
        help_text=_("As printed on the box: 30/11/2027, or 11/2027 if it only says a month."),
    )
    price = PriceField(label=_("Price of each"))
    sure = forms.BooleanField(label=_("I have checked it again: it is right"), required=False)

    def __init__(self, item: Item, *args: Any, money: bool, line: DeliveryLine | None = None, **kwargs: Any) -> None:
        """Make the fields the item needs, filled in from the line."""
        super().__init__(*args, **kwargs)
        self.item = item
        self.doubts: list[str] = []
        self._ask(item, money=money)
        self.initial = {"key": line.pk, **_as_typed(line)} if line else {"key": uuid.uuid4, "counted": self.PACKS}

    def _ask(self, item: Item, *, money: bool) -> None:
        choices = [
            (self.PACKS, _now("packs of %(n)d") % {"n": item.pack_size}),
            (self.UNITS, _now("single %(units)s") % {"units": item.units}),
        ]
        set_choices(self, "counted", choices)
        self.fields["quantity"].units = (item.unit, item.units)  # type: ignore[attr-defined]
        self.fields["lot_number"].required = item.tracks_lot
        self.fields["expires_on"].required = item.tracks_expiry
        if item.pack_size == 1:
            del self.fields["counted"]
        if not (item.tracks_lot or item.tracks_expiry):
            del self.fields["lot_number"], self.fields["expires_on"]
        if not money:
            del self.fields["price"]
        else:
            self.fields["price"].help_text = _now("For one pack if you count packs. If not, for a single one.")

    @property
    def asks_again(self) -> bool:
        """Whether the values must be checked again before they are kept."""
        return bool(self.doubts) or bool(self.is_bound and self.cleaned_data.get("sure"))

    @property
    def line(self) -> Mapping[str, Any]:
        """The values of the line's columns."""
        asked = ("quantity", "lot_number", "expires_on", "price")
        data = {name: self.cleaned_data[name] for name in asked if name in self.fields}
        return {**data, "pack_size": self.item.pack_size if self._in_packs() else 1}

    def _in_packs(self) -> bool:
        return self.cleaned_data.get("counted") == self.PACKS

    def clean_counted(self) -> str:
        """Packs or single ones; who writes “20 packs” into the first box has said so there."""
        counted: str = self.cleaned_data["counted"]
        try:
            in_packs = read_quantity(str(self["quantity"].data or ""), units=(self.item.unit, self.item.units)).in_packs
        except NotUnderstood:
            return counted
        return counted if in_packs is None else self.PACKS if in_packs else self.UNITS

    def clean(self) -> None:
        """Ask again where a value is most likely misread or mistyped; with the tick it is taken as it is."""
        super().clean()
        if self.errors:
            return
        self.doubts = list(self._list_doubts())
        if self.doubts and not self.cleaned_data["sure"]:
            for doubt in [*self.doubts, _now("If it is right, tick the box at the end of the page.")]:
                self.add_error(None, doubt)
        else:
            self.doubts = []

    def _list_doubts(self) -> Iterator[str]:
        data = self.line
        line = DeliveryLine(
            item=self.item, **{name: data[name] for name in ("lot_number", "expires_on") if name in data}
        )
        expires, today = line.expires_on, timezone.localdate()
        if expires and expires < today:
            yield _now("That date is in the past: %(day)s. We do not give out anything past its date.") % {
                "day": date_format(expires)
            }
        if expires and expires > today + MAX_SHELF_LIFE:
            yield _now("That date is very far in the future: %(day)s.") % {"day": date_format(expires)}
        for other in line.other_dates():
            yield _now("We know this lot number with another date: %(day)s.") % {
                "day": date_format(other) if other else _now("no date")
            }
        if (units := data["quantity"] * data["pack_size"]) >= LARGE_QUANTITY:
            yield _now("That makes %(n)s %(units)s.") % {"n": f"{units:,}", "units": self.item.units}


def _as_typed(line: DeliveryLine) -> dict[str, Any]:
    return {
        "quantity": line.quantity,
        "counted": DeliveryLineForm.PACKS if line.pack_size > 1 else DeliveryLineForm.UNITS,
        "lot_number": line.lot_number,
        "expires_on": line.expires_on,
        "price": None if line.price is None else line.price.normalize(),
    }


class ItemForm(forms.Form):
    """The item that came."""

    item = forms.ModelChoiceField(label=_("What came?"), queryset=Item.objects.none(), empty_label=_("Choose an item"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer everything in the catalogue: a withdrawn item may still come."""
        super().__init__(*args, **kwargs)
        set_choices(self, "item", Item.objects.bought().order_by("name__sorted"))


class CorrectionForm(KeyForm):
    """The number of a line that really came."""

    found = WholeField(label=_("How many really came"), min_value=0, max_value=MAX_UNITS)
    reason = forms.CharField(
        label=_("What was wrong"), max_length=120, help_text=_("About the boxes, not about a person.")
    )
