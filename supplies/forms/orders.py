"""How many packs of what, and from whom."""

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import WholeField, set_choices
from supplies.models import Item, Order, Supplier
from supplies.models.orders import MAX_PACKS


class KeyForm(forms.Form):
    """Nothing but the key that makes sending it twice the same as once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with a fresh key."""
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4


class StartOrderForm(KeyForm):
    """An order that begins, from a supplier or not known from whom."""

    supplier = forms.ModelChoiceField(queryset=Supplier.objects.all(), required=False, widget=forms.HiddenInput)


class PacksForm(forms.Form):
    """One box for each item: how many packs of it. None, or an empty box, is none."""

    def __init__(
        self, items: Iterable[Item], *args: Any, packs: Mapping[int, int] | None = None, **kwargs: Any
    ) -> None:
        """Ask about these items, suggesting these packs by their ids."""
        super().__init__(*args, **kwargs)
        self.items = {f"packs-{item.pk}": item for item in items}
        for name, item in self.items.items():
            self.fields[name] = WholeField(
                label=_("Packs of %(item)s") % {"item": item.name},
                min_value=0,
                max_value=MAX_PACKS,
                required=False,
                initial=(packs or {}).get(item.pk),
            )

    @staticmethod
    def named_in(data: Iterable[str]) -> list[int]:
        """The ids of the items that were asked about."""
        return [int(match[1]) for name in data if (match := re.fullmatch(r"packs-([0-9]{1,18})", name))]

    @property
    def packs(self) -> dict[Item, int]:
        """What was asked for, by item."""
        return {item: self.cleaned_data.get(name) or 0 for name, item in self.items.items()}

    def rows(self) -> Iterable[tuple[Item, forms.BoundField]]:
        """Each item with its box."""
        return [(item, self[name]) for name, item in self.items.items()]


class OrderForm(forms.ModelForm):
    """What stands above and below the list, and one more thing to put on it."""

    add = forms.ModelChoiceField(
        label=_("Something else"), queryset=Item.objects.none(), required=False, empty_label=_("Choose an item")
    )
    add_packs = WholeField(label=_("Packs of it"), min_value=1, max_value=MAX_PACKS, required=False, initial=1)

    class Meta:
        model = Order
        fields = ("supplier", "note")
        labels = {"supplier": _("From"), "note": _("A word to the supplier")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what we still stock and is not on the list."""
        super().__init__(*args, **kwargs)
        self.fields["supplier"].empty_label = _("Nobody yet")  # type: ignore[attr-defined]
        listed = self.instance.lines.values("item")
        set_choices(self, "add", Item.objects.active().bought().exclude(pk__in=listed).order_by("name"))

    @property
    def added(self) -> dict[Item, int]:
        """The one more thing, if there is one."""
        item = self.cleaned_data.get("add")
        return {item: self.cleaned_data.get("add_packs") or 1} if item else {}


class SupplierForm(forms.ModelForm):
    """Who sends us things."""

    class Meta:
        model = Supplier
        fields = ("name", "lead_days", "how_to_order")
