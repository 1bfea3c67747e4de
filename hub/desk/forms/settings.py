"""Forms for the settings of the desk: its checklist, its tiles, and the questions it may ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk.models.questions import Question
from hub.desk.models.settings import DeskSettings
from supplies.models import Item
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, NumberInput, WholeField

MAX_ORDER = 999
MAX_NAME = 24


class ChecklistForm(EditForm, forms.ModelForm):
    """The checklist before opening, and who counts as trained."""

    class Meta:
        model = DeskSettings
        fields = ("checklist", "trained")
        widgets = {"checklist": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer to name nobody."""
        super().__init__(*args, **kwargs)
        self.fields["trained"].empty_label = _("Do not name anybody")  # type: ignore[attr-defined]


class QuestionForm(EditForm, forms.ModelForm):
    """The form that turns one question on: who wants to know, what for, and until when."""

    class Meta:
        model = Question
        fields = ("asked_by", "purpose", "until")
        field_classes = {"until": DayField}


class TilesForm(EditForm, forms.Form):
    """Which items have a tile, in which order, and how many one tap adds."""

    def __init__(self, items: Iterable[Item], *args: Any, **kwargs: Any) -> None:
        """Add two numbers and a short name for each item."""
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"order-{item.pk}"] = WholeField(
                label=_now("Place of %(item)s") % {"item": item.name},
                min_value=1,
                max_value=MAX_ORDER,
                required=False,
                initial=item.desk_order,
                widget=NumberInput({"class": "few"}),
            )
            self.fields[f"tap-{item.pk}"] = WholeField(
                label=_now("One tap adds, %(item)s") % {"item": item.name},
                min_value=1,
                max_value=MAX_ORDER,
                initial=item.desk_tap,
                widget=NumberInput({"class": "few"}),
            )
            self.fields[f"name-{item.pk}"] = forms.CharField(
                label=_now("Name on the desk, %(item)s") % {"item": item.name},
                max_length=MAX_NAME,
                required=False,
                initial=item.desk_name,
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": item.display_name}),
            )

    def rows(self) -> list[tuple[Item, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each item with its three boxes."""
        return [
            (item, self[f"order-{item.pk}"], self[f"tap-{item.pk}"], self[f"name-{item.pk}"]) for item in self.items
        ]

    def build_places(self) -> dict[int, tuple[int | None, int, str]]:
        """The place of each item, how many one tap adds, and its short name. Call it on a valid form."""
        cleaned = self.cleaned_data
        return {
            item.pk: (cleaned[f"order-{item.pk}"], cleaned[f"tap-{item.pk}"], cleaned[f"name-{item.pk}"])
            for item in self.items
        }
