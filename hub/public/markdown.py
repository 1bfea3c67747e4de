"""Very little markup, made safe: paragraphs, points, headings, bold, and addresses one can follow. No Django models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
# Escaped words hold no quote, no < and no >, so that an address cannot leave its attribute.
ADDRESS = re.compile(r"\bhttps://[^\s<>\"'()]+[^\s<>\"'().,;:!?]")


def as_html(words: str) -> SafeString:
    """Words as HTML. Everything is escaped first, so that nothing somebody writes is ever markup of its own."""
    return mark_safe("\n".join(_render_blocks(words)))  # noqa: S308 -- every line below goes through `_line`, which escapes


def _render_blocks(words: str) -> Iterator[str]:
    for block in re.split(r"\n[ \t]*\n", words.replace("\r\n", "\n").replace("\r", "\n").strip()):
        points: list[str] = []
        plain: list[str] = []
        for line in filter(None, map(str.strip, block.split("\n"))):
            if line.startswith(("- ", "* ")):
                yield from _render_paragraph(plain)
                points.append(line[2:])
                continue
            yield from _render_points(points)
            if line.startswith("## "):
                yield from _render_paragraph(plain)
                yield f'<h3 dir="auto">{_line(line[3:])}</h3>'
            else:
                plain.append(line)
        yield from _render_paragraph(plain)
        yield from _render_points(points)


def _render_paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f'<p dir="auto">{"<br>".join(map(_line, lines))}</p>'
        lines.clear()


def _render_points(lines: list[str]) -> Iterator[str]:
    if lines:
        yield "<ul>" + "".join(f'<li dir="auto">{_line(line)}</li>' for line in lines) + "</ul>"
        lines.clear()


def _line(words: str) -> str:
    escaped = BOLD.sub(r"<b>\1</b>", escape(words.strip()))
    return ADDRESS.sub(lambda match: f'<a href="{match[0]}" rel="noreferrer">{match[0]}</a>', escaped)
