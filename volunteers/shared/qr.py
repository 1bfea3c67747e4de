"""QR codes."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(link: str) -> SafeString:
    """The link as an inline SVG, black on white in every theme, as cameras need it."""
    svg = segno.make(link).svg_inline(scale=8, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True)
    return mark_safe(svg)  # noqa: S308 -- numbers and letters of segno's own, nothing anybody typed
