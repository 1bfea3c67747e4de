"""Forms of moving stock from one store to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import build_quantity_field, set_choices
from supplies.models import Item, Store


class WayForm(forms.Form):
    """The stores to move from and to, and a filter of the items."""

    start = forms.ChoiceField(label=_("From"))
    end = forms.ChoiceField(label=_("To"))
    words = forms.CharField(label=_("Find"), max_length=60, required=False, widget=forms.SearchInput())

    def __init__(self, stores: Iterable[Store], *args: Any, **kwargs: Any) -> None:
        """Offer these stores."""
        super().__init__(*args, **kwargs)
        self.stores = {str(store.pk): store for store in stores}
        for name in ("start", "end"):
            set_choices(self, name, [(key, store.name) for key, store in self.stores.items()])

    def clean(self) -> dict[str, Any]:
        """Refuse a move to the store it starts from."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("start") and data.get("start") == data.get("end"):
            self.add_error("end", _now("It is already there. Choose another place."))
        return data

    @property
    def way(self) -> tuple[Store, Store]:
        """The stores to move from and to; call it on a valid form."""
        return self.stores[self.cleaned_data["start"]], self.stores[self.cleaned_data["end"]]


class StockMoveForm(forms.Form):
    """The quantity of each item; an empty box is none."""

    def __init__(self, items: Iterable[tuple[Item, int]], *args: Any, **kwargs: Any) -> None:
        """Make one box for each item, with its stock."""
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item, here in self.items:
            self.fields[f"n-{item.pk}"] = build_quantity_field(
                item,
                label=item.name,
                required=False,
                min_value=0,
                help_text=_now("%(amount)s here") % {"amount": item.amount(here)},
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a move of nothing."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(_now("Say what, and how many."))
        return data

    @property
    def lines(self) -> dict[int, int]:
        """Item → quantity; call it on a valid form."""
        return {item.pk: n for item, _here in self.items if (n := self.cleaned_data[f"n-{item.pk}"])}
