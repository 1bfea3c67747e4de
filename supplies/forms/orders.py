"""Forms of orders and suppliers."""

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import set_choices
from supplies.models import Item, Order, Supplier
from supplies.models.orders import MAX_PACKS
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import WholeField


class KeyForm(forms.Form):
    """The key of a form, which makes sending it twice harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start with a fresh key."""
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4


class StartOrderForm(KeyForm):
    """The start of an order, from a supplier or without one."""

    supplier = forms.ModelChoiceField(queryset=Supplier.objects.all(), required=False, widget=forms.HiddenInput)


class PacksForm(EditForm, forms.Form):
    """The number of packs of each item; an empty box is none."""

    def __init__(
        self, items: Iterable[Item], *args: Any, packs: Mapping[int, int] | None = None, **kwargs: Any
    ) -> None:
        """Make a box for each item, with these packs by the items' ids."""
        super().__init__(*args, **kwargs)
        self.items = {f"packs-{item.pk}": item for item in items}
        for name, item in self.items.items():
            self.fields[name] = WholeField(
                pack_size=1,
                label=_("Packs of %(item)s") % {"item": item.name},
                min_value=0,
                max_value=MAX_PACKS,
                required=False,
                initial=(packs or {}).get(item.pk),
            )

    @staticmethod
    def named_in(data: Iterable[str]) -> list[int]:
        """The ids of the items the sent form had boxes for."""
        return [int(match[1]) for name in data if (match := re.fullmatch(r"packs-([0-9]{1,18})", name))]

    @property
    def packs(self) -> dict[Item, int]:
        """Item → packs; call it on a valid form."""
        return {item: self.cleaned_data.get(name) or 0 for name, item in self.items.items()}

    def rows(self) -> Iterable[tuple[Item, forms.BoundField]]:
        """Each item with its box."""
        return [(item, self[name]) for name, item in self.items.items()]


class OrderForm(EditForm, forms.ModelForm):
    """The supplier and note of an order, and one more item to add."""

    add = forms.ModelChoiceField(
        label=_("Something else"), queryset=Item.objects.none(), required=False, empty_label=_("Choose an item")
    )
    add_packs = WholeField(
        label=_("Packs of it"), pack_size=1, min_value=1, max_value=MAX_PACKS, required=False, initial=1
    )

    class Meta:
        model = Order
        fields = ("supplier", "note")
        labels = {"supplier": _("From"), "note": _("A note for the supplier")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer items that are stocked and not on the list."""
        super().__init__(*args, **kwargs)
        self.fields["supplier"].empty_label = _("Nobody yet")  # type: ignore[attr-defined]
        listed = self.instance.lines.values("item")
        set_choices(self, "add", Item.objects.active().bought().exclude(pk__in=listed).order_by("name__sorted"))

    @property
    def added(self) -> dict[Item, int]:
        """The one more item with its packs, if one was chosen."""
        item = self.cleaned_data.get("add")
        return {item: self.cleaned_data.get("add_packs") or 1} if item else {}


class SupplierForm(EditForm, forms.ModelForm):
    """A supplier."""

    class Meta:
        model = Supplier
        fields = ("name", "lead_days", "how_to_order")
        field_classes = {"lead_days": WholeField}
