"""Reads numbers and days as people write them here. What it cannot read it refuses whole: nothing is guessed.

Needs neither Django nor a database. What `write_number` and `write_day` write, they read.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

LONGEST = 40
MONTHS = (
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
    ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
    ("dec", "december"),
)  # fmt: skip
WEEKDAYS = re.compile(r"^(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(day|sday|nesday|rsday|urday)?\.?,? +")
PACK_WORDS = {"pack", "packs", "pk", "pks", "box", "boxes", "packet", "packets"}
SINGLE_WORDS = {"single", "singles", "piece", "pieces", "pc", "pcs", "each", "ea", "unit", "units"}
# Minus signs and hyphens, and the blanks and apostrophes that stand between thousands.
MINUS = re.compile("^[-\u2010\u2011\u2012\u2013\u2212] ?")
SIGNS = "£€$"
GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[,. '’])\d{3}(?:(?P=mark)\d{3})*(?P<rest>(?!(?P=mark))[.,]\d+)?")
PLAIN = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?")


class NotUnderstood(ValueError):
    """A text that is no number or no day, or that could be two of them."""


class Quantity(NamedTuple):
    """A number, and the kind of thing it was said to count: packs, singles, or not said."""

    number: Decimal
    in_packs: bool | None


def tidy(text: str) -> str:
    """The text in plain digits and letters, with single plain blanks, without what cannot be seen."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(letter for letter in plain if unicodedata.category(letter) not in ("Cf", "Cc")).split())


def read_number(text: str, *, sign: str = "") -> Decimal:
    """The number in “1,200”, “1 200”, “12,50” or “£12.50”; a money sign may stand on either side."""
    words = tidy(text)
    # “12²” is not 122.
    if len(text) > LONGEST or any(unicodedata.category(letter) == "No" for letter in text):
        raise NotUnderstood(text)
    for mark in {*SIGNS, sign} - {""}:
        if words.removeprefix("-").removeprefix("−").startswith(mark) or words.endswith(mark):
            words = words.replace(mark, "", 1).strip()
            break
    negative = MINUS.match(words)
    number = _read_digits(words[negative.end() :] if negative else words)
    return -number if negative else number


def _read_digits(words: str) -> Decimal:
    if not words.isascii() and "’" not in words:
        raise NotUnderstood(words)
    grouped = GROUPED.fullmatch(words)
    # A point and three digits is a fraction here; a comma and three digits is a thousand.
    if grouped and not (grouped["mark"] == "." and words.count(".") == 1 and not grouped["rest"]):
        whole, rest = words[: grouped.start("rest")] if grouped["rest"] else words, grouped["rest"] or ""
        digits = re.sub(r"\D", "", whole)
        return Decimal(f"{digits}.{rest[1:]}" if rest else digits)
    plain = PLAIN.fullmatch(words)
    if plain is None:
        raise NotUnderstood(words)
    return Decimal(f"{plain['whole']}.{plain['part']}" if plain["part"] else plain["whole"])


def read_quantity(text: str, *, units: Sequence[str] = ()) -> Quantity:
    """The number in “20 packs” or “20”, with what it counts; `units` are the words for a single one."""
    words = tidy(text)
    match = re.fullmatch(r"(?P<number>.*[\d]) ?(?P<word>[^\W\d_]+)\.?", words)
    if match is None:
        return Quantity(read_number(text), None)
    word = match["word"].casefold()
    if word in PACK_WORDS:
        return Quantity(read_number(match["number"]), in_packs=True)
    if word in SINGLE_WORDS | {unit.casefold() for unit in units}:
        return Quantity(read_number(match["number"]), in_packs=False)
    raise NotUnderstood(text)


def write_number(number: Decimal) -> str:
    """The number with commas between thousands: “1,200” or “−12.50”."""
    return f"{number:,f}".replace("-", "−")


def read_day(text: str, *, today: dt.date, names: Sequence[str] = ()) -> dt.date:
    """The day in “30/11”, “30.11.2026”, “30 Nov 2026” or “2026-11-30”.

    Without a year it is the one nearest to today. `names` are the months in another language, January first.
    """
    if len(text) > LONGEST:
        raise NotUnderstood(text)
    words = WEEKDAYS.sub("", tidy(text).casefold())
    for day, month, year in _split_day(words, names):
        if year is None:
            return _nearest(day, month, today)
        return _make_day(_whole_year(year), month, day)
    raise NotUnderstood(text)


def read_month(text: str, *, names: Sequence[str] = ()) -> dt.date:
    """The first day of the month in “11/2026”, “11/26”, “Nov 2026” or “2026-11”."""
    words = tidy(text).casefold()
    if len(text) > LONGEST:
        raise NotUnderstood(text)
    if match := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})", words):
        return _make_day(int(match[1]), int(match[2]), 1)
    if match := re.fullmatch(r"(\d{1,2}) ?[-/. ] ?(\d{4}|\d{2})", words):
        return _make_day(_whole_year(match[2]), int(match[1]), 1)
    if match := re.fullmatch(r"([^\W\d_]+)\.?,? ?[-/]? ?(\d{4}|\d{2})", words):
        return _make_day(_whole_year(match[2]), _find_month(match[1], names), 1)
    raise NotUnderstood(text)


def last_of_month(first: dt.date) -> dt.date:
    """The last day of the month, which is what a box means that only says the month."""
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def write_day(day: dt.date) -> str:
    """The day as it is written here: “30/11/2026”."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _split_day(words: str, names: Sequence[str]) -> list[tuple[int, int, str | None]]:
    """Day, month and year of the one way to read it; nothing where there is none."""
    year = r"(?P<year>\d{4}|\d{2})"
    if match := re.fullmatch(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", words):
        return [(int(match["day"]), int(match["month"]), match["year"])]
    if match := re.fullmatch(
        rf"(?P<day>\d{{1,2}}) ?(?P<mark>[-/. ]) ?(?P<month>\d{{1,2}})(?: ?(?P=mark) ?{year})?\.?", words
    ):
        return [(int(match["day"]), int(match["month"]), match["year"])]
    day, month = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?", r"(?P<month>[^\W\d_]+)\.?"
    for pattern in (rf"{day}[ -]?(?:of )?{month}(?:,?[ -]?{year})?", rf"{month} {day}(?:,? {year})?"):
        if match := re.fullmatch(pattern, words):
            return [(int(match["day"]), _find_month(match["month"], names), match["year"])]
    return []


def _find_month(word: str, names: Sequence[str]) -> int:
    for number, known in enumerate(MONTHS, start=1):
        if word in known or (names and word == tidy(names[number - 1]).casefold()):
            return number
    raise NotUnderstood(word)


def _whole_year(year: str) -> int:
    return int(year) if len(year) > 2 else 2000 + int(year)  # noqa: PLR2004 -- “26” is written in two digits


def _make_day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise NotUnderstood(f"{day}/{month}/{year}") from None


def _nearest(day: int, month: int, today: dt.date) -> dt.date:
    years = [year for year in (today.year - 1, today.year, today.year + 1) if _is_day(year, month, day)]
    if not years:
        raise NotUnderstood(f"{day}/{month}")
    return min((dt.date(year, month, day) for year in years), key=lambda found: abs((found - today).days))


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]  # noqa: PLR2004 -- months of a year
