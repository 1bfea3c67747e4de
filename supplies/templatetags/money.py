"""Money as people read it."""

from decimal import Decimal

from django import template
from django.conf import settings
from django.template.defaultfilters import floatformat

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """£1,234.50; −£12.00; nothing where nobody knows. The sign is `settings.CURRENCY`."""
    if amount is None:
        return ""
    sign = "−" if amount < 0 else ""
    return f"{sign}{settings.CURRENCY}{floatformat(abs(amount), '2g')}"


@register.filter
def round_money(amount: int) -> str:
    """£1,200: a round number, without pence."""
    return f"{settings.CURRENCY}{floatformat(amount, '0g')}"
