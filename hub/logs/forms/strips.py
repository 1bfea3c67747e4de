"""Forms for a strip's result as somebody told us, and for each kind of strip."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.logs.forms.base import LogForm, build_choice_field
from hub.logs.models.strips import Strip, StripResult
from supplies.models import Item, Lot
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import WholeField

MAX_LOTS = 6


class StripResultForm(LogForm):
    """The result of one strip of a kind chosen before."""

    line = forms.ChoiceField(
        label=_("What did it show?"),
        choices=StripResult.Reading.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it showed.")},
    )
    sold_as = build_choice_field(Choice.Of.SOLD_AS, _("Sold as"))
    lot = forms.ModelChoiceField(
        Lot.objects.none(),
        label=_("Lot of the strip"),
        required=False,
        empty_label=_("Not known, or not ours"),
        blank=True,
        widget=forms.RadioSelect,
    )

    def __init__(self, strip: Strip, months: Iterable[dt.date], *args: Any, **kwargs: Any) -> None:
        """Offer the lots we have of that kind, the newest first."""
        super().__init__(months, *args, **kwargs)
        self.strip = strip
        if strip.item_id is None:
            del self.fields["lot"]
        else:
            newest = Lot.objects.filter(item=strip.item_id).order_by("-expires_on", "-pk")[:MAX_LOTS]
            lots = cast("forms.ModelChoiceField", self.fields["lot"])
            lots.queryset = Lot.objects.filter(pk__in=[lot.pk for lot in newest]).order_by("-expires_on", "-pk")

    def write(self) -> list[uuid.UUID]:
        """Write the result down."""
        cleaned = dict(self.cleaned_data)
        StripResult.objects.report(self.strip, cleaned.pop("line"), **cleaned)
        return [cleaned["id"]]


class StripSheetForm(LogForm):
    """The result of any strip, for the sheet over the desk. The lot is asked for on the strip's own page only."""

    strip = forms.ChoiceField(label=_("Which strip"), widget=forms.RadioSelect)
    line = forms.ChoiceField(
        label=_("What did it show?"), choices=StripResult.Reading.choices, widget=forms.RadioSelect
    )
    sold_as = build_choice_field(Choice.Of.SOLD_AS, _("Sold as"))

    def __init__(self, months: Iterable[dt.date], *args: Any, **kwargs: Any) -> None:
        """Offer the strips in use; `strips` are they, with their limits."""
        super().__init__(months, *args, **kwargs)
        self.strips = list(Strip.objects.offered())
        cast("forms.ChoiceField", self.fields["strip"]).choices = [(strip.pk, strip.name) for strip in self.strips]


class StripForm(EditForm, forms.ModelForm):
    """A kind of strip, and its limits."""

    class Meta:
        model = Strip
        fields = ("name", "limits", "item", "order", "withdrawn")
        field_classes = {"order": WholeField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer items that can be given out on a visit, which naloxone cannot."""
        super().__init__(*args, **kwargs)
        item = cast("forms.ModelChoiceField", self.fields["item"])
        item.queryset = Item.objects.for_visits().order_by("name__sorted")
        item.empty_label = _("Nothing we stock")
