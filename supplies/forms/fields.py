"""Boxes for money, days, months and numbers, and filling a list to choose from."""

from typing import Any

from django import forms
from django.db.models import QuerySet


class MoneyField(forms.DecimalField):
    """An amount to the penny."""

    def __init__(self, **kwargs: Any) -> None:
        """As large as the books hold."""
        kwargs.setdefault("widget", forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}))
        kwargs.setdefault("decimal_places", 2)
        super().__init__(max_digits=9, **kwargs)


class PriceField(MoneyField):
    """What one of something costs: some cost less than a penny. Nobody has to know it."""

    def __init__(self, **kwargs: Any) -> None:
        """Never less than nothing."""
        super().__init__(decimal_places=4, min_value=0, required=False, **kwargs)


class WholeField(forms.IntegerField):
    """A number, with the phone's keys for numbers."""

    def __init__(self, **kwargs: Any) -> None:
        """Nothing more to say."""
        super().__init__(widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **kwargs)


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        """Written as the browser does."""
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**kwargs)


class MonthInput(forms.DateInput):
    """The browser's own box for a month; where it has none, one types 2026-05."""

    input_type = "month"


class MonthField(forms.DateField):
    """A month, as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        """Written as the browser does; a whole day will do as well."""
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], widget=MonthInput(format="%Y-%m"), **kwargs)

    def clean(self, value: Any) -> Any:
        """The first of it."""
        day = super().clean(value)
        return day and day.replace(day=1)


def set_choices(form: forms.BaseForm, name: str, choices: Any) -> None:
    """Let somebody choose from these: rows of a table, or pairs of a value and its words."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField) and isinstance(choices, QuerySet):
        field.queryset = choices
    elif isinstance(field, forms.ChoiceField):
        field.choices = choices
