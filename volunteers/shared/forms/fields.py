"""Form fields for numbers, money, days and months: text boxes that read what people write.

No box of the browser's own kind: a wheel changes those unseen, and what they cannot read they send as nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from volunteers.shared import locality
from volunteers.shared.forms.readers import (
    NotUnderstood,
    last_of_month,
    read_day,
    read_month,
    read_number,
    read_quantity,
    write_day,
)

MAX_QUOTED = 30


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _quote(value: Any) -> str:
    return Truncator(" ".join(str(value).split())).chars(MAX_QUOTED)


class NumberInput(forms.TextInput):
    """A text box with the phone's keys for numbers."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, keys: str = "numeric") -> None:
        """Set the keys; the browser remembers no numbers."""
        super().__init__({"inputmode": keys, "autocomplete": "off"} | (attrs or {}))


class DayInput(forms.DateInput):
    """A text box for a day, with a button for the browser's own calendar where there are scripts."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Write the day as people write it here."""
        super().__init__({"data-day": "", "autocomplete": "off"} | (attrs or {}), format="%d/%m/%Y")


class WholeField(forms.IntegerField):
    """A whole number. Where a pack is known, “20 packs” is that many times what is in one."""

    def __init__(self, *, pack_size: int | None = None, units: Sequence[str] = (), **kwargs: Any) -> None:
        """Give `pack_size` for a number of single ones; 1 where packs themselves are counted."""
        self.pack_size, self.units = pack_size, units
        kwargs.setdefault("widget", NumberInput)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """The number; a text that is none is named, with an example."""
        if _is_empty(value) or isinstance(value, int):
            return None if _is_empty(value) else int(value)
        try:
            number, in_packs = read_quantity(str(value), units=self.units)
        except NotUnderstood:
            raise ValidationError(
                _("“%(typed)s” is not a number we can read. Write it like 12 or 1,200.") % {"typed": _quote(value)},
                code="invalid",
            ) from None
        if in_packs and self.pack_size is None:
            raise ValidationError(
                _("“%(typed)s”: this box counts single ones. Write how many that is, like 200.")
                % {"typed": _quote(value)},
                code="invalid",
            )
        number *= (self.pack_size or 1) if in_packs else 1
        if number != number.to_integral_value():
            raise ValidationError(
                _("“%(typed)s” is not a whole number. Write it like 12 or 1,200.") % {"typed": _quote(value)},
                code="invalid",
            )
        return int(number)


class MoneyField(forms.DecimalField):
    """An amount to the penny."""

    def __init__(self, **kwargs: Any) -> None:
        """Allow amounts as large as the books hold."""
        kwargs.setdefault("widget", NumberInput(keys="decimal"))
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("max_digits", 9)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The amount; a text that is none is named, with an example."""
        if _is_empty(value) or isinstance(value, Decimal):
            return None if _is_empty(value) else value
        try:
            return read_number(str(value), sign=locality.known().money_sign)
        except NotUnderstood:
            raise ValidationError(
                _("“%(typed)s” is not an amount we can read. Write it like 12.50.") % {"typed": _quote(value)},
                code="invalid",
            ) from None


class PriceField(MoneyField):
    """The price of one; it may be less than a penny, and may stay empty."""

    def __init__(self, **kwargs: Any) -> None:
        """Allow no negative price."""
        super().__init__(decimal_places=4, min_value=0, required=False, **kwargs)


class DayField(forms.DateField):
    """A day, written as people write days. Without a year it is the one nearest to today."""

    def __init__(self, *, month_is_enough: bool = False, **kwargs: Any) -> None:
        """With `month_is_enough`, as for a use-by date, a month is its last day."""
        self.month_is_enough = month_is_enough
        kwargs["widget"] = kwargs.get("widget") or DayInput
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """The day; a text that is none is named, with an example."""
        if _is_empty(value) or isinstance(value, dt.date):
            return None if _is_empty(value) else super().to_python(value)
        names = _list_months()
        try:
            return read_day(str(value), today=timezone.localdate(), names=names)
        except NotUnderstood:
            pass
        if self.month_is_enough:
            try:
                return last_of_month(read_month(str(value), names=names))
            except NotUnderstood:
                pass
        raise ValidationError(self._say_unread(value), code="invalid")

    def _say_unread(self, value: Any) -> str:
        example = write_day(timezone.localdate())
        if self.month_is_enough:
            words = _("“%(typed)s” is not a day we can read. Write it like %(day)s, or %(month)s for a month.")
        else:
            words = _("“%(typed)s” is not a day we can read. Write it like %(day)s.")
        return words % {"typed": _quote(value), "day": example, "month": example.partition("/")[2]}


class MonthField(forms.DateField):
    """A month, as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        """Write the month as people write it here."""
        kwargs.setdefault("widget", forms.DateInput({"autocomplete": "off"}, format="%m/%Y"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """The first day of the month; of a whole day, that of its month."""
        if _is_empty(value) or isinstance(value, dt.date):
            return None if _is_empty(value) else super().to_python(value).replace(day=1)  # type: ignore[union-attr]
        names = _list_months()
        for read in (read_month, lambda text, names: read_day(text, today=timezone.localdate(), names=names)):
            try:
                return read(str(value), names=names).replace(day=1)
            except NotUnderstood:
                continue
        raise ValidationError(
            _("“%(typed)s” is not a month we can read. Write it like %(month)s.")
            % {"typed": _quote(value), "month": write_day(timezone.localdate()).partition("/")[2]},
            code="invalid",
        )


# For Django's admin, which would make boxes of the browser's own kind.
NUMBER_BOXES: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.IntegerField: {"form_class": WholeField, "widget": NumberInput},
    models.DecimalField: {"form_class": MoneyField, "widget": NumberInput(keys="decimal")},
}


def _list_months() -> list[str]:
    """The months in the language of the page, January first."""
    return [str(MONTHS[number]) for number in range(1, 13)]
