"""Typing in a sheet of paper: totals for an evening, never who or when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.openings import Totals
from hub.desk.models.paper_sheet import Sheet
from supplies.models import Item

MOST = 9999
AS_WELL, THE_SAME = "as_well", "the_same"


class EveningForm(forms.Form):
    """Which evening, if it is not in the list."""

    evening = forms.DateField(label=_("Another evening"), widget=forms.DateInput(attrs={"type": "date"}))


class SheetForm(forms.Form):
    """One sheet. Where visits were logged too, it asks whether the sheet is about the same ones."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    visits = forms.IntegerField(label=_("Visits"), min_value=1, max_value=MOST)
    people = forms.IntegerField(label=_("People in them"), min_value=1, max_value=MOST)
    logged = forms.ChoiceField(
        label=_("What about the visits that were logged?"),
        choices=[
            (AS_WELL, _("The sheet holds other visits: add them to those")),
            (THE_SAME, _("They are the same visits: add nothing")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, items: Iterable[Item], totals: Totals, *args: Any, **kwargs: Any) -> None:
        """One number for each item; `totals` are what was logged that evening so far."""
        super().__init__(*args, **kwargs)
        if not totals.visits:
            del self.fields["logged"]
        self.items = list(items)
        for item in self.items:
            self.fields[f"item-{item.pk}"] = forms.IntegerField(
                label=item.name,
                min_value=0,
                max_value=MOST,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "few"}),
            )
        self.initial.setdefault("id", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        """Every visit is at least one person."""
        cleaned: dict[str, Any] = super().clean() or {}
        visits, people = cleaned.get("visits"), cleaned.get("people")
        if visits and people and people < visits:
            self.add_error("people", _now("Every visit is at least one person: that is %(n)d or more.") % {"n": visits})
        return cleaned

    def tile_fields(self) -> list[forms.BoundField]:
        """The boxes for what has a tile, in its order."""
        return [self[f"item-{item.pk}"] for item in self.items if item.desk_order is not None]

    def other_fields(self) -> list[forms.BoundField]:
        """The boxes for the rest."""
        return [self[f"item-{item.pk}"] for item in self.items if item.desk_order is None]

    @property
    def adds_nothing(self) -> bool:
        """Whether somebody said that these visits were logged already; call it on a valid form."""
        return self.cleaned_data.get("logged") == THE_SAME

    def sheet(self) -> Sheet:
        """What it adds up to; call it on a valid form."""
        cleaned = self.cleaned_data
        items = {item.pk: n for item in self.items if (n := cleaned[f"item-{item.pk}"])}
        return Sheet(cleaned["id"], cleaned["visits"], cleaned["people"], dict(sorted(items.items())))
