"""Charts as inline SVG, with classes instead of styles, so that our content policy lets them stand. Pure.

Draw only what has been through the gate: a bar's length tells a number as well as its label does.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH = 400  # wider is unreadable on a phone
ROW = 42
LABEL = 110
NUMBER = 46


def bars(rows: Sequence[tuple[str, int]], title: str) -> SafeString:
    """Draw one bar a row, longest the width of the chart. Goes with a table of the same numbers."""
    longest = max((number for _name, number in rows), default=0) or 1
    scale = (WIDTH - LABEL - NUMBER) / longest
    lengths = [max(round(number * scale, 1), 2) if number else 0 for _name, number in rows]
    drawn = format_html_join(
        "",
        '<g transform="translate(0 {})"><text class="chart-label" x="{}" y="26" text-anchor="end">{}</text>'
        '<rect class="chart-print" x="{}" y="9" width="{}" height="30" rx="4"></rect>'
        '<rect class="chart-bar" x="{}" y="6" width="{}" height="30" rx="4"></rect>'
        '<text class="chart-number" x="{}" y="27">{}</text></g>',
        (
            (place * ROW, LABEL - 12, name, LABEL + 3, length, LABEL, length, LABEL + length + 10, number)
            for place, ((name, number), length) in enumerate(zip(rows, lengths, strict=True))
        ),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        ROW * len(rows) + 4,
        _("%(title)s. The table below has the same numbers.") % {"title": title},
        drawn,
    )
