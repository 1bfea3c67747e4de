"""The choices of a list in a form, and how many of an item."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from supplies.models import Item
from supplies.models.ledger import MAX_QUANTITY
from volunteers.shared.forms.fields import WholeField


def set_choices(form: forms.BaseForm, name: str, choices: Any) -> None:
    """Set the choices of a field: a queryset, or pairs of a value and its words."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField) and isinstance(choices, QuerySet):
        field.queryset = choices
    elif isinstance(field, forms.ChoiceField):
        field.choices = choices


def build_quantity_field(item: Item, **kwargs: Any) -> WholeField:
    """A box for how many single ones of an item; it knows how many are in a pack, and what one is called."""
    return WholeField(pack_size=item.pack_size, units=(item.unit, item.units), max_value=MAX_QUANTITY, **kwargs)
