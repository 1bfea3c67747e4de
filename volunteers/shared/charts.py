"""Charts as inline SVG, with classes instead of styles, as our content policy demands. Pure.

Of numbers about people only published ones may come here: the length of a bar tells a number as well as its label. A
hidden number is drawn as a hatched stump of one length with a star, a range is hatched from its low end to its high
one, and an unknown number is a gap.
"""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH = 400  # wider is unreadable on a phone
ROW = 42
LABEL = 110
NAME = 15  # what a name above its bar takes
NUMBER = 70
STUMP = 14
BESIDE, ABOVE = 10, 42  # so many letters fit beside a bar, and above it
HEIGHT, TOP, BOTTOM = 170, 22, 26
MONTH_NAME = 66  # what the name of a month takes below its column

Number = int | float | str | list[int] | None


def bars(rows: Sequence[tuple[str, Number]], title: str) -> SafeString:
    """Draw one bar a row, the longest as wide as the chart. A table of these numbers goes with it.

    Short names stand beside their bars. If one name is long, all stand above: two cut names could look alike.
    """
    above = any(len(name) > BESIDE for name, _number in rows)
    left, down = (2, NAME) if above else (LABEL, 0)
    longest = max((_find_end(number) for _name, number in rows), default=0) or 1
    scale = (WIDTH - left - NUMBER) / longest
    drawn = format_html_join(
        "",
        '<g transform="translate(0 {})">{}<g transform="translate(0 {})">{}'
        '<text class="chart-number" x="{}" y="27">{}</text></g></g>',
        (
            (
                place * (ROW + down),
                _label(name, above=above),
                down,
                _draw_bar(left, number, length := _compute_length(number, scale), scale),
                left + length + 10,
                _format_number(number),
            )
            for place, (name, number) in enumerate(rows)
        ),
    )
    return _build_svg((ROW + down) * len(rows) + 4, title, drawn)


def parts(rows: Sequence[tuple[str, int, int]], title: str) -> SafeString:
    """Draw one bar a row: the part in full colour, and what is missing to its whole as an empty box.

    Only for numbers that their readers may know exactly. Names stand above, as in `bars`.
    """
    scale = (WIDTH - 2 - NUMBER) / (max((whole for _name, _part, whole in rows), default=0) or 1)
    drawn = format_html_join(
        "",
        '<g transform="translate(0 {})">{}<g transform="translate(0 {})">{}{}'
        '<text class="chart-number" x="{}" y="27">{}</text></g></g>',
        (
            (
                place * (ROW + NAME),
                _label(name, above=True),
                NAME,
                _draw_hatched(2, _compute_length(whole, scale)) if whole > part else "",
                _draw_solid(2, _compute_length(part, scale)),
                2 + _compute_length(max(part, whole), scale) + 10,
                _("%(part)d of %(whole)d") % {"part": part, "whole": whole},
            )
            for place, (name, part, whole) in enumerate(rows)
        ),
    )
    return _build_svg((ROW + NAME) * len(rows) + 4, title, drawn)


def columns(rows: Sequence[tuple[str, Number]], title: str) -> SafeString:
    """Draw one column a row, side by side, for a run of months. So many are named below as have room."""
    ends = [_find_end(number) for _name, number in rows]
    wide, scale = _divide(len(rows)), 1 / (max(ends, default=0) or 1)
    drawn = [_draw_column(4 + place * wide, wide, number, scale) for place, (_name, number) in enumerate(rows)]
    return _build_columns([name for name, _number in rows], drawn, ends, title)


def stacked_columns(rows: Sequence[tuple[str, tuple[int, int] | None]], title: str) -> SafeString:
    """Draw one column a row: its part in full colour, what is missing to the whole above it. None is a gap.

    Only for numbers that their readers may know exactly.
    """
    ends = [pair[1] if pair else 0 for _name, pair in rows]
    wide, scale = _divide(len(rows)), 1 / (max(ends, default=0) or 1)
    drawn = []
    for place, (_name, pair) in enumerate(rows):
        left = 4 + place * wide
        part, whole = pair or (None, None)
        above = _draw_column(left, wide, whole, scale, look="chart-hidden") if pair and pair[1] > pair[0] else ""
        drawn.append(format_html("{}{}", above, _draw_column(left, wide, part, scale)))
    return _build_columns([name for name, _pair in rows], drawn, ends, title)


def _divide(number: int) -> float:
    return (WIDTH - 8) / max(number, 1)


def _build_columns(names: Sequence[str], drawn: Sequence[SafeString], ends: Sequence[float], title: str) -> SafeString:
    wide, floor, highest = _divide(len(names)), HEIGHT - BOTTOM, max(ends, default=0) or 1
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if step * wide >= MONTH_NAME), len(names))
    last = len(names) - 1
    labels = [
        _draw_label(4 + place * wide, wide, name, last=place == last)
        for place, name in enumerate(names)
        if (last - place) % step == 0
    ]
    at = min(max(4 + (ends.index(highest) + 0.5 if highest in ends else 0.5) * wide, 24), WIDTH - 24)
    top = format_html(
        '<text class="chart-number" x="{}" y="16" text-anchor="middle">{}</text>', _px(at), _format_number(highest)
    )
    line = format_html('<path class="chart-floor" d="M4 {}H{}"></path>', floor, WIDTH - 4)
    inside = format_html_join("", "{}", ((piece,) for piece in (*drawn, *labels, line, top)))
    return _build_svg(HEIGHT, title, inside)


def _draw_column(left: float, wide: float, number: Number, scale: float, *, look: str = "chart-bar") -> SafeString:
    side = min(1.5, wide / 5)
    floor, tall = HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM
    if number is None:
        return SafeString("")
    if isinstance(number, str):
        middle = _px(left + wide / 2)
        return format_html(
            '<rect class="chart-hidden" x="{}" y="{}" width="{}" height="{}" rx="2"></rect>'
            '<text class="chart-star" x="{}" y="{}" text-anchor="middle">*</text>',
            *(_px(left + side), floor - STUMP, _px(wide - 2 * side), STUMP, middle, floor - STUMP - 1),
        )
    end = _find_end(number)
    height = max(end * scale * tall, 2) if end else 0
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"></rect>',
        *(look, _px(left + side), _px(floor - height), _px(wide - 2 * side), _px(height)),
    )


def _draw_label(left: float, wide: float, name: str, *, last: bool) -> SafeString:
    # The last one ends where its column does, so that it stays within the picture.
    where, anchor = (left + wide, "end") if last else (left + wide / 2, "middle" if left > WIDTH / 8 else "start")
    if anchor == "start":
        where = left
    return format_html(
        '<text class="chart-label chart-small" x="{}" y="{}" text-anchor="{}">{}</text>',
        *(_px(where), HEIGHT - 6, anchor, name),
    )


def _label(name: str, *, above: bool) -> SafeString:
    """A name in one line; only a very long one is cut, and the table below has it whole."""
    if not above:
        return format_html('<text class="chart-label" x="{}" y="27" text-anchor="end">{}</text>', LABEL - 12, name)
    words = name if len(name) <= ABOVE else f"{name[: ABOVE - 1].rstrip()}…"
    return format_html('<text class="chart-label" x="2" y="15">{}</text>', words)


def _draw_bar(left: float, number: Number, length: float, scale: float) -> SafeString:
    if isinstance(number, str):
        return _draw_hatched(left, length)
    if isinstance(number, list):
        sure = _compute_length(number[0], scale)
        return _draw_solid(left, sure) + _draw_hatched(left + sure, max(length - sure, 2))
    return _draw_solid(left, length)


def _draw_hatched(left: float, length: float) -> SafeString:
    return format_html('<rect class="chart-hidden" x="{}" y="6" width="{}" height="30" rx="4"></rect>', left, length)


def _draw_solid(left: float, length: float) -> SafeString:
    return format_html(
        '<rect class="chart-print" x="{}" y="9" width="{}" height="30" rx="4"></rect>'
        '<rect class="chart-bar" x="{}" y="6" width="{}" height="30" rx="4"></rect>',
        *(left + 3, length, left, length),
    )


def _find_end(number: Number) -> float:
    if isinstance(number, list):
        return number[1]
    return number if isinstance(number, (int, float)) else 0


def _compute_length(number: Number, scale: float) -> float:
    if isinstance(number, str):
        return STUMP
    end = _find_end(number)
    return max(round(float(end) * scale, 1), 2) if end else 0


def _format_number(number: Number) -> str:
    if number is None:
        return "–"
    if isinstance(number, list):
        return "–".join(_format_number(end) for end in number)
    return number if isinstance(number, str) else number_format(number, use_l10n=True, force_grouping=True)


def _px(number: float) -> str:
    return f"{number:.1f}"


def _build_svg(height: int, title: str, drawn: SafeString) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        height,
        _("%(title)s. The table below has the same numbers.") % {"title": title},
        drawn,
    )
