"""Form fields for money, days, months and numbers, and the choices of a list."""

from typing import Any

from django import forms
from django.db.models import QuerySet


class MoneyField(forms.DecimalField):
    """An amount to the penny."""

    def __init__(self, **kwargs: Any) -> None:
        """Allow amounts as large as the books hold."""
        kwargs.setdefault("widget", forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}))
        kwargs.setdefault("decimal_places", 2)
        super().__init__(max_digits=9, **kwargs)


class PriceField(MoneyField):
    """The price of one; it may be less than a penny, and may stay empty."""

    def __init__(self, **kwargs: Any) -> None:
        """Allow no negative price."""
        super().__init__(decimal_places=4, min_value=0, required=False, **kwargs)


class WholeField(forms.IntegerField):
    """A whole number, with the phone's keys for numbers."""

    def __init__(self, **kwargs: Any) -> None:
        """Set the widget."""
        super().__init__(widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **kwargs)


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        """Set the widget, and the browser's own format."""
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**kwargs)


class MonthInput(forms.DateInput):
    """The browser's own box for a month; where it has none, one types 2026-05."""

    input_type = "month"


class MonthField(forms.DateField):
    """A month, as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        """Accept the browser's format, and a whole day."""
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], widget=MonthInput(format="%Y-%m"), **kwargs)

    def clean(self, value: Any) -> Any:
        """The first day of the month."""
        day = super().clean(value)
        return day and day.replace(day=1)


def set_choices(form: forms.BaseForm, name: str, choices: Any) -> None:
    """Set the choices of a field: a queryset, or pairs of a value and its words."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField) and isinstance(choices, QuerySet):
        field.queryset = choices
    elif isinstance(field, forms.ChoiceField):
        field.choices = choices
