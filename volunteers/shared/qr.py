"""Squares to point a phone at."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(link: str) -> SafeString:
    """The link as an SVG to stand in a page; black on white whatever the theme, since cameras want it so."""
    svg = segno.make(link).svg_inline(scale=8, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True)
    return mark_safe(svg)  # noqa: S308 -- numbers and letters of segno's own, nothing anybody typed
