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
