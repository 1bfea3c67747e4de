"""Money as people read it."""

from decimal import Decimal

from django import template
from django.template.defaultfilters import floatformat

from volunteers.shared import locality

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """£1,234.50; −£12.00; 12.00 zł; nothing where nobody knows. The hub says in what."""
    if amount is None:
        return ""
    return locality.known().write_money(floatformat(abs(amount), "2g"), negative=amount < 0)


@register.filter
def round_money(amount: int) -> str:
    """£1,200: a round number, without pence."""
    return locality.known().write_money(floatformat(amount, "0g"), negative=amount < 0)
