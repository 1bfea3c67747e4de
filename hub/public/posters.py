"""Posters as SVG: who we are, when we are open, and a square to point a phone at. Knows no database."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 210, 297, 12
"""The sheet that everything is drawn on, in millimetres. A smaller paper has the same shape."""
PAPERS = {"a4": (210, 297), "a5": (148, 210)}
SMALLEST_SQUARE, LARGEST_SQUARE = 58, 96
BAND, FOOT = 20, 34
# How wide a letter is, and how high a line, for letters of height 1.
LETTER, LINE = 0.56, 1.22


@dataclass(frozen=True)
class PosterText:
    """Words on a poster: how large at best, whether bold, and the room above them."""

    words: str
    size: float
    bold: bool = False
    above: float = 6


@dataclass(frozen=True)
class PosterLine:
    """One line as it is drawn: its words, the height of its letters, and where it stands."""

    words: str
    size: float
    bold: bool
    y: float


@dataclass(frozen=True)
class PosterLayout:
    """All lines, and where the square is: its corner and its side."""

    lines: list[PosterLine]
    x: float
    y: float
    side: float


def lay_out(texts: Iterable[PosterText]) -> PosterLayout:
    """Place the words from above and the square below them; long words are set smaller until all of it fits."""
    written = [text for text in texts if text.words]
    for percent in range(100, 30, -5):
        lines, end = _place(written, percent / 100)
        room = HEIGHT - FOOT - end - 6
        if room >= SMALLEST_SQUARE:
            break
    side = max(SMALLEST_SQUARE, min(LARGEST_SQUARE, room))
    return PosterLayout(lines, (WIDTH - side) / 2, HEIGHT - FOOT - side, side)


def _place(texts: Iterable[PosterText], scale: float) -> tuple[list[PosterLine], float]:
    lines, y = [], float(BAND)
    for text in texts:
        size = text.size * scale
        y += text.above * scale
        for words in _wrap(text.words, size):
            y += size * LINE
            lines.append(PosterLine(words, round(size, 2), text.bold, round(y, 2)))
    return lines, y


def _wrap(words: str, size: float) -> list[str]:
    # Letters of some scripts are twice as wide.
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words) * 2 > len(words)
    fits = int((WIDTH - 2 * MARGIN) / (size * LETTER * (2 if wide else 1)))
    return textwrap.wrap(words, max(fits, 4))
