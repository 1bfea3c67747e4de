"""Counting a shelf, looking a count over, and a lot nobody knew of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import DayField, WholeField, set_choices
from supplies.models import CountLine, Item, Store
from supplies.models.counts import ItemLot
from supplies.models.ledger import MAX_QUANTITY


class StartCountForm(forms.Form):
    """Which store to count."""

    store = forms.ModelChoiceField(label=_("Which place"), queryset=Store.objects.all(), empty_label=None)


class ShelfForm(forms.Form):
    """What was found on one shelf. A box left empty was not counted; one that was not touched changes nothing.

    Each box remembers what it showed, so that what somebody else saved meanwhile is not put back.
    """

    def __init__(
        self, places: Iterable[ItemLot], lines: Mapping[ItemLot, CountLine], *args: Any, **kwargs: Any
    ) -> None:
        """One box for each place, with what is saved of it."""
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
        """What the box of a place is called."""
        return f"f-{place.item_id}-{place.lot_id or 0}"

    @property
    def found(self) -> dict[ItemLot, int | None]:
        """Only what was touched; call it on a valid form."""
        changed = set(self.changed_data)
        return {place: self.cleaned_data[name] for place in self.places if (name := self.name_of(place)) in changed}


class OtherLotForm(forms.Form):
    """A lot on the shelf that the list does not have."""

    item = forms.ModelChoiceField(label=_("What"), queryset=Item.objects.none(), empty_label=_("Choose an item"))
    number = forms.CharField(
        label=_("Lot number"), max_length=60, required=False, help_text=_("As printed on the box.")
    )
    expires_on = DayField(label=_("Use by"), required=False)
    found = WholeField(label=_("How many"), min_value=0, max_value=MAX_QUANTITY)
    sure = forms.BooleanField(label=_("I have looked again: it really says so"), required=False)

    def __init__(self, items: Any, *args: Any, **kwargs: Any) -> None:
        """Of these items."""
        super().__init__(*args, **kwargs)
        set_choices(self, "item", items)


class ApplyForm(forms.Form):
    """Why nobody else looks it over, if nobody can."""

    reason = forms.CharField(label=_("Why nobody else could look it over"), max_length=120, required=False)
