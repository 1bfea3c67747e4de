"""Forms of counts: counting a shelf, applying a count, and adding a lot nobody knew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import set_choices
from supplies.models import CountLine, Item, Store
from supplies.models.counts import ItemLot
from supplies.models.ledger import MAX_QUANTITY
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, WholeField


class StartCountForm(forms.Form):
    """The store to count."""

    store = forms.ModelChoiceField(label=_("Which place"), queryset=Store.objects.all(), empty_label=None)


class ShelfForm(EditForm, forms.Form):
    """The numbers found on one shelf. An empty box was not counted; an untouched box changes nothing.

    Each box remembers its first value, so that it does not undo a number somebody else saved meanwhile.
    """

    saves_changes_only = True

    def __init__(
        self, places: Iterable[ItemLot], lines: Mapping[ItemLot, CountLine], *args: Any, **kwargs: Any
    ) -> None:
        """Make one box for each place, with its saved number."""
        super().__init__(*args, **kwargs)
        self.places = list(places)
        for place in self.places:
            line = lines.get(place)
            self.fields[self.name_of(place)] = WholeField(
                required=False,
                min_value=0,
                max_value=MAX_QUANTITY,
                initial=line.found if line else None,
                show_hidden_initial=True,
            )

    @staticmethod
    def name_of(place: ItemLot) -> str:
        """The name of a place's box."""
        return f"f-{place.item_id}-{place.lot_id or 0}"

    @property
    def quantities(self) -> dict[ItemLot, int | None]:
        """The numbers of the boxes that were touched; call it on a valid form."""
        changed = set(self.changed_data)
        return {place: self.cleaned_data[name] for place in self.places if (name := self.name_of(place)) in changed}


class OtherLotForm(forms.Form):
    """A lot on the shelf that is missing from the list."""

    item = forms.ModelChoiceField(label=_("What"), queryset=Item.objects.none(), empty_label=_("Choose an item"))
    number = forms.CharField(
        label=_("Lot number"), max_length=60, required=False, help_text=_("As printed on the box.")
    )
    expires_on = DayField(label=_("Use by"), month_is_enough=True, required=False)
    found = WholeField(label=_("How many"), min_value=0, max_value=MAX_QUANTITY)
    sure = forms.BooleanField(label=_("I have checked it again: it is right"), required=False)

    def __init__(self, items: Any, *args: Any, **kwargs: Any) -> None:
        """Offer these items."""
        super().__init__(*args, **kwargs)
        set_choices(self, "item", items)


class ApplyForm(forms.Form):
    """The reason why nobody else checks the count."""

    reason = forms.CharField(label=_("Why nobody else could check it"), max_length=120, required=False)
