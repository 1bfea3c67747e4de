"""Forms of reports: the words of one, publishing it, and the grain of every number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hub.core.periods import Period, Span, months_on
from hub.disclosure.measures import MEASURES, LeafMeasure
from hub.reports.models.drafts import Draft
from hub.reports.models.grains import GRAIN_NAMES
from hub.reports.true_charts import MonthRange
from supplies.models import Fund, Item
from volunteers.shared.forms.edits import EditForm

CHOOSE_COMPLETE = _("Choose a month that is complete.")
# What is ticked to begin with.
FOR_A_FUNDER = ("visits", "given", "money")


class WordsForm(EditForm, forms.ModelForm):
    """Two texts, “what we learned” and “why it is needed”. Both may be empty."""

    class Meta:
        model = Draft
        fields = ("learned", "argument")
        widgets = {"learned": forms.Textarea(attrs={"rows": 5}), "argument": forms.Textarea(attrs={"rows": 5})}


class PublishForm(WordsForm):
    """The words, with which edition it would be and the digest of the numbers somebody looked at."""

    number = forms.IntegerField(min_value=1, max_value=2**15 - 1, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class RangeForm(forms.Form):
    """Completed months from one to another. Without a choice it is the last twelve, as far as months are complete."""

    def __init__(self, completed: Sequence[dt.date], data: Mapping[str, Any]) -> None:
        """Offer these months, which come in their order; the latest is chosen where nothing was."""
        self.completed = completed
        named = [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in reversed(completed)]
        if completed and "from" not in data and "to" not in data:
            begun = next(month for month in completed if month >= months_on(completed[-1], -11))
            data = {"from": f"{begun:%Y-%m}", "to": f"{completed[-1]:%Y-%m}"}
        super().__init__(data)
        wrong = {"required": CHOOSE_COMPLETE, "invalid_choice": CHOOSE_COMPLETE}
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=named, error_messages=wrong)

    def clean(self) -> dict[str, Any]:
        """The first month is not after the last."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if {"from", "to"} <= asked.keys() and asked["from"] > asked["to"]:
            self.add_error("to", ValidationError(_("The first month is after the last one.")))
        return asked

    @property
    def months(self) -> MonthRange:
        """The months; call it on a valid form."""
        first, last = (Period.read(self.cleaned_data[name]).first for name in ("from", "to"))
        return MonthRange(first, last)

    @property
    def query(self) -> str:
        """The range as an address has it; call it on a valid form."""
        return urlencode({name: self.cleaned_data[name] for name in ("from", "to")})


class FunderForm(forms.Form):
    """What a funder reads of an edition: which tables, the pictures or not, and which fund it is about."""

    fund = forms.ModelChoiceField(
        label=_("Which fund it is about"), queryset=Fund.objects.none(), required=False, empty_label=_("No one fund")
    )
    tables = forms.MultipleChoiceField(label=_("Tables"), widget=forms.CheckboxSelectMultiple, required=False)
    charts = forms.BooleanField(label=_("With the pictures"), required=False, initial=True)

    def __init__(self, tables: Iterable[Mapping[str, Any]], funds: QuerySet[Fund], *args: Any) -> None:
        """Offer the tables the edition has; a funder asks first for what was done and what it cost."""
        super().__init__(*args)
        choices = [(table["slug"], table["title"]) for table in tables]
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]
        self.fields["tables"].choices = choices  # type: ignore[attr-defined]
        self.fields["tables"].initial = [slug for slug, _title in choices if slug in FOR_A_FUNDER]


class GrainsForm(EditForm, forms.Form):
    """One choice for each measure that has one, and for each item of the catalogue."""

    def __init__(self, measures: Mapping[str, Span], items: Iterable[Item], *args: Any, **kwargs: Any) -> None:
        """Add a choice for each."""
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for slug, measure in MEASURES.items():
            if has_choice(measure):
                self._add_choice(f"measure-{slug}", measure.label, measure.choices, measures[slug])
        for item in self.items:
            self._add_choice(f"item-{item.pk}", item.name, [*Span], item.grain)

    @property
    def chosen_measures(self) -> dict[str, int]:
        """The grain of each measure; call it on a valid form."""
        slugs = [slug for slug, measure in MEASURES.items() if has_choice(measure)]
        return {slug: self.cleaned_data[f"measure-{slug}"] for slug in slugs}

    @property
    def chosen_items(self) -> dict[int, int]:
        """The grain of each item; call it on a valid form."""
        return {item.pk: self.cleaned_data[f"item-{item.pk}"] for item in self.items}

    def _add_choice(self, name: str, label: Any, spans: Iterable[Span], initial: int) -> None:
        choices = [(span.value, GRAIN_NAMES[span]) for span in spans]
        self.fields[name] = forms.TypedChoiceField(label=label, choices=choices, coerce=int, initial=initial)


def has_choice(measure: LeafMeasure) -> bool:
    """Whether people choose the grain of a measure: not where it follows another, or where only one is safe."""
    return len(measure.choices) > 1 and not measure.follows and measure.slug not in ("given", "wasted")
