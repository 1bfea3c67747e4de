"""The form for naloxone given: everything after product and kits is optional."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.logs.forms.base import LogForm, YesNoField, build_choice_field
from hub.logs.models.naloxone import MAX_KITS, NaloxoneGiven
from supplies.models import Item
from volunteers.shared.forms.fields import NumberInput, WholeField

MORE = "more"


class NaloxoneForm(LogForm):
    """Product, kits, and what people like to say. First or again, and why again, is one tap."""

    product = forms.ModelChoiceField(
        Item.objects.none(),
        label=_("Which"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which kind.")},
    )
    kits = forms.ChoiceField(
        label=_("How many kits"),
        choices=[*((str(n), str(n)) for n in (1, 2, 3, 4, 5, 10)), (MORE, _("Another number"))],
        initial="1",
        widget=forms.RadioSelect,
    )
    more_kits = WholeField(
        label=_("Another number of kits"),
        required=False,
        min_value=1,
        max_value=MAX_KITS,
        widget=NumberInput({"class": "short"}),
    )
    first = forms.ChoiceField(label=_("Their first?"), required=False, widget=forms.RadioSelect)
    trained = YesNoField(_("Shown how to use it?"))
    recipient = build_choice_field(Choice.Of.RECIPIENT, _("Who for"))

    def __init__(self, months: Iterable[dt.date], *args: Any, preselect: bool = False, **kwargs: Any) -> None:
        """Offer the naloxone we stock, and the hub's own reasons.

        `preselect` chooses the kind there is most of: one tap less, and in sight.
        """
        super().__init__(months, *args, **kwargs)
        products = Item.objects.active().filter(naloxone=True).order_by("name__sorted")
        cast("forms.ModelChoiceField", self.fields["product"]).queryset = products
        if preselect:
            self.stocked = list(products.with_on_hand())
            most = max(self.stocked, key=lambda item: item.on_hand, default=None)
            self.fields["product"].initial = most and most.pk
        self.reasons = {str(why.pk): why for why in Choice.objects.offered(Choice.Of.WHY_AGAIN)}
        cast("forms.ChoiceField", self.fields["first"]).choices = [
            ("", _("Not asked")),
            ("first", _("Their first")),
            *(
                (pk, _("Again: %(why)s") % {"why": why.name[:1].lower() + why.name[1:]})
                for pk, why in self.reasons.items()
            ),
            ("again", _("Again, no reason given")),
        ]

    def clean(self) -> dict[str, Any]:
        """Make one number of the two fields for kits."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kits") == MORE and "more_kits" not in self.errors and not cleaned["more_kits"]:
            self.add_error("more_kits", _("How many kits? Write the number."))
        return cleaned

    def write(self) -> list[uuid.UUID]:
        """Write the kits down, and take them out of the stock."""
        given = self.build_row()
        NaloxoneGiven.objects.give(given.pop("product"), given.pop("kits"), **given)
        return [*NaloxoneGiven.objects.find_written(given["id"]).values_list("pk", flat=True)]

    def build_row(self) -> dict[str, Any]:
        """The arguments of the verb that writes it. Call it on a valid form."""
        cleaned = self.cleaned_data
        first = cleaned["first"]
        return {
            "id": cleaned["id"],
            "month": cleaned["month"],
            "product": cleaned["product"],
            "kits": cleaned["more_kits"] if cleaned["kits"] == MORE else int(cleaned["kits"]),
            "again": None if not first else first != "first",
            "why_again": self.reasons.get(first),
            "trained": cleaned["trained"],
            "recipient": cleaned["recipient"],
        }
