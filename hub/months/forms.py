"""Putting a month's totals right, and saying it is complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.desk.models.tallies import MOST

MOST_EVENINGS = 1000
"""In one month, over all desks: only a bound for what a form may say."""


@dataclass(frozen=True)
class Line:
    """One total of a month: of what, in words, and how many."""

    measure: str
    key: str
    label: str
    value: int

    @property
    def name(self) -> str:
        """Its name in a form."""
        return f"{self.measure}-{self.key}"


class TotalsForm(forms.Form):
    """Every total of a month, and beside each what it said when the page was loaded."""

    def __init__(self, lines: Iterable[Line], *args: Any, **kwargs: Any) -> None:
        """One number for each."""
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            self.fields[line.name] = forms.IntegerField(
                label=line.label,
                min_value=0,
                max_value=MOST,
                initial=line.value,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
            )
            self.fields[f"was-{line.name}"] = forms.IntegerField(
                min_value=0, max_value=MOST, initial=line.value, widget=forms.HiddenInput
            )

    def changes(self) -> dict[tuple[str, str], tuple[int, int]]:
        """What the verb takes: only the numbers somebody changed. Call it on a valid form."""
        cleaned = self.cleaned_data
        return {
            (line.measure, line.key): (cleaned[f"was-{line.name}"], cleaned[line.name])
            for line in self.lines
            if cleaned[f"was-{line.name}"] != cleaned[line.name]
        }


class SealForm(forms.Form):
    """Saying that a month is complete, its unrecorded evenings seen."""

    seen = forms.IntegerField(min_value=0, max_value=MOST_EVENINGS, widget=forms.HiddenInput)
    looked = forms.BooleanField(label=_("I have seen which evenings were not recorded"))

    def __init__(self, unrecorded: int, *args: Any, **kwargs: Any) -> None:
        """Nothing to tick when nothing is missing."""
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = unrecorded
        if not unrecorded:
            del self.fields["looked"]


class TakeOutForm(forms.Form):
    """One row of a log, by its random id."""

    row = forms.UUIDField()
