"""The hub's emergency number in templates. A builtin: no template has to load it, not even one without a context."""

from __future__ import annotations

from django import template

from volunteers.shared import locality

register = template.Library()


@register.simple_tag
def emergency_number() -> str:
    """`{% emergency_number as number %}`: the number to ring."""
    return locality.known().emergency_number


@register.filter
def with_number(text: str) -> str:
    """`{{ step|with_number }}`: a text with the number to ring in the place of `{number}`."""
    return str(locality.put_number(text))
