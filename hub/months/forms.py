"""Forms that correct a month's totals, complete it, and take a row out of a log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.desk.models.tallies import MAX_TOTAL
from volunteers.shared.forms.fields import NumberInput, WholeField

MAX_EVENINGS = 1000
"""Evenings of one month over all desks: only a bound for a number in a form."""


@dataclass(frozen=True)
class MonthTotal:
    """One total of a month, with its label."""

    measure: str
    key: str
    label: str
    value: int

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"{self.measure}-{self.key}"


class TotalsForm(forms.Form):
    """Every total of a month, each with the number that the page was loaded with."""

    def __init__(self, totals: Iterable[MonthTotal], *args: Any, **kwargs: Any) -> None:
        """Add a number for each total."""
        super().__init__(*args, **kwargs)
        self.totals = list(totals)
        for total in self.totals:
            self.fields[total.name] = WholeField(
                label=total.label,
                min_value=0,
                max_value=MAX_TOTAL,
                initial=total.value,
                widget=NumberInput({"class": "short"}),
            )
            self.fields[f"was-{total.name}"] = forms.IntegerField(
                min_value=0, max_value=MAX_TOTAL, initial=total.value, widget=forms.HiddenInput
            )

    def changes(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Old and new number of each total that somebody changed. Call it on a valid form."""
        cleaned = self.cleaned_data
        return {
            (total.measure, total.key): (cleaned[f"was-{total.name}"], cleaned[total.name])
            for total in self.totals
            if cleaned[f"was-{total.name}"] != cleaned[total.name]
        }


class CompleteMonthForm(forms.Form):
    """Somebody says that a month is complete, and has seen its unrecorded evenings."""

    seen = forms.IntegerField(min_value=0, max_value=MAX_EVENINGS, widget=forms.HiddenInput)
    looked = forms.BooleanField(label=_("I have seen which evenings were not recorded"))

    def __init__(self, unrecorded: int, *args: Any, **kwargs: Any) -> None:
        """Leave the tick out when nothing is missing."""
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = unrecorded
        if not unrecorded:
            del self.fields["looked"]


class TakeOutRowForm(forms.Form):
    """One row of a log, by its random id."""

    row = forms.UUIDField()
