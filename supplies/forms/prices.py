"""The form of prices that came after their delivery."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now

from supplies.models import DeliveryLine
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import PriceField


class PricesForm(EditForm, forms.Form):
    """A price for each line that came without one."""

    def __init__(self, lines: list[DeliveryLine], *args: Any, **kwargs: Any) -> None:
        """Make a box for each of these lines."""
        super().__init__(*args, **kwargs)
        self.lines = {f"price-{line.pk}": line for line in lines}
        for name, line in self.lines.items():
            each = _now("pack of %(n)d") % {"n": line.pack_size} if line.pack_size > 1 else line.item.unit
            self.fields[name] = PriceField(
                label=_now("%(item)s: price of one %(each)s") % {"item": line.item.name, "each": each},
            )

    @property
    def prices(self) -> dict[uuid.UUID, Decimal]:
        """The prices that were filled in, by line."""
        given = {line.pk: self.cleaned_data.get(name) for name, line in self.lines.items()}
        return {pk: price for pk, price in given.items() if price is not None}
