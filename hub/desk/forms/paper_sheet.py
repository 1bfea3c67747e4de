"""Forms for a paper sheet: totals for an evening, never who or when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.openings import Totals
from hub.desk.models.paper_sheet import PaperSheet
from supplies.models import Item
from volunteers.shared.forms.fields import DayField, NumberInput, WholeField

MAX_TOTAL = 9999
IN_ADDITION, SAME_VISITS = "as_well", "the_same"


class EveningForm(forms.Form):
    """Which evening, if it is not in the list."""

    evening = DayField(label=_("Another evening"))


class SheetForm(forms.Form):
    """One sheet. Where visits were logged too, it asks whether the sheet holds those or other ones."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    visits = WholeField(label=_("Visits"), min_value=1, max_value=MAX_TOTAL)
    people = WholeField(label=_("People in them"), min_value=1, max_value=MAX_TOTAL)
    logged = forms.ChoiceField(
        label=_("What about the visits that were logged?"),
        choices=[
            (IN_ADDITION, _("They are other visits: add them")),
            (SAME_VISITS, _("They are the same visits: do not add them")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, items: Iterable[Item], totals: Totals, *args: Any, **kwargs: Any) -> None:
        """Add a number for each item. `totals` are the visits logged that evening so far."""
        super().__init__(*args, **kwargs)
        if not totals.visits:
            del self.fields["logged"]
        self.items = list(items)
        for item in self.items:
            self.fields[f"item-{item.pk}"] = WholeField(
                label=item.name,
                min_value=0,
                max_value=MAX_TOTAL,
                required=False,
                widget=NumberInput({"class": "few"}),
            )
        self.initial.setdefault("id", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        """Every visit is at least one person."""
        cleaned: dict[str, Any] = super().clean() or {}
        visits, people = cleaned.get("visits"), cleaned.get("people")
        if visits and people and people < visits:
            self.add_error("people", _now("Each visit is at least one person. Write %(n)d or more.") % {"n": visits})
        return cleaned

    def tile_fields(self) -> list[forms.BoundField]:
        """Fields for items with a tile, in the order of the tiles."""
        return [self[f"item-{item.pk}"] for item in self.items if item.desk_order is not None]

    def other_fields(self) -> list[forms.BoundField]:
        """Fields for all other items."""
        return [self[f"item-{item.pk}"] for item in self.items if item.desk_order is None]

    @property
    def adds_nothing(self) -> bool:
        """Whether the person confirmed that these visits were logged already. Call it on a valid form."""
        return self.cleaned_data.get("logged") == SAME_VISITS

    def build_sheet(self) -> PaperSheet:
        """The sheet with its totals. Call it on a valid form."""
        cleaned = self.cleaned_data
        items = {item.pk: n for item in self.items if (n := cleaned[f"item-{item.pk}"])}
        return PaperSheet(cleaned["id"], cleaned["visits"], cleaned["people"], dict(sorted(items.items())))
