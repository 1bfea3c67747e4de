"""Numbers and days as people write them: what is read is what was written, and what is refused is refused whole."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers.shared.forms.readers import (
    NotUnderstood,
    Quantity,
    last_of_month,
    read_day,
    read_month,
    read_number,
    read_quantity,
    write_day,
    write_number,
)

TODAY = dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", "1200"), ("1,200", "1200"), ("1 200", "1200"), ("1\u00a0200", "1200"), ("1\u202f200", "1200"),
        ("1’200", "1200"), ("1'200", "1200"), ("12,345,678", "12345678"), ("12,50", "12.50"), ("12.50", "12.50"),
        ("£12.50", "12.50"), ("£ 12.50", "12.50"), ("12.50 £", "12.50"), ("12,50 €", "12.50"), ("-£3", "-3"),
        ("£-3", "-3"), ("−3", "-3"), ("1.200,50", "1200.50"), ("1,200.50", "1200.50"), ("1.200", "1.200"),
        ("0,125", "0.125"), ("１２", "12"), (" 7 ", "7"), ("007", "7"), ("1.234.567", "1234567"),
        ("\u200e12\u200f", "12"),
    ],
)  # fmt: skip
def test_number_is_read_as_written(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["10-", "1-2", "1/2", "", " ", "-", "£", "1e3", "12,3456,7", "1,2,3", "12..5", "1,20,000", "twelve", "0x10", "٣x",
     "1 20", "12 50", "½", "²", "NaN", "Infinity", "1_000", "--1", "9" * 41, "1,200,50", "+5+"],
)  # fmt: skip
def test_number_that_is_none_is_refused(text):
    with pytest.raises(NotUnderstood):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("20", Quantity(Decimal(20), None)),
        ("20 packs", Quantity(Decimal(20), True)),
        ("1,200 Packs", Quantity(Decimal(1200), True)),
        ("3boxes", Quantity(Decimal(3), True)),
        ("12 pcs.", Quantity(Decimal(12), False)),
        ("40 foils", Quantity(Decimal(40), False)),
    ],
)
def test_quantity_says_what_it_counts(text, quantity):
    assert read_quantity(text, units=["foil", "foils"]) == quantity


def test_quantity_of_unknown_things_is_refused():
    for text in ("20 crates", "packs", "20 packs of 10"):
        with pytest.raises(NotUnderstood):
            read_quantity(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30/11", "2026-11-30"), ("30.11.", "2026-11-30"), ("3/1", "2027-01-03"), ("30/11/2026", "2026-11-30"),
        ("30/11/26", "2026-11-30"), ("30-11-2026", "2026-11-30"), ("2026-11-30", "2026-11-30"),
        ("30 Nov 2026", "2026-11-30"), ("30 November", "2026-11-30"), ("30th Nov", "2026-11-30"),
        ("Nov 30, 2026", "2026-11-30"), ("1st of December 2026", "2026-12-01"), ("Mon 30 Nov 2026", "2026-11-30"),
        ("Monday, 30 November 2026", "2026-11-30"), ("30nov26", "2026-11-30"), ("30-Nov-2026", "2026-11-30"),
        ("29/2/2028", "2028-02-29"), ("30 listopad 2026", "2026-11-30"),
    ],
)  # fmt: skip
def test_day_is_read_as_written(text, day):
    polish = ["", "", "", "", "", "", "", "", "", "", "Listopad", ""]
    assert read_day(text, today=TODAY, names=polish) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "31/2",
        "31/2/2026",
        "29/2/2027",
        "11/30/2026",
        "30",
        "soon",
        "",
        "0/1",
        "30/11/",
        "3011",
        "30/11-2026",
        "1/1/1/1",
    ],
)
def test_day_that_is_none_is_refused(text):
    with pytest.raises(NotUnderstood):
        read_day(text, today=TODAY)


@pytest.mark.parametrize("text", ["11/2026", "11/26", "2026-11", "Nov 2026", "november 26", "11.2026", "Nov-26"])
def test_month_ends_on_its_last_day(text):
    assert last_of_month(read_month(text)) == dt.date(2026, 11, 30)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2) | st.integers(-(10**9), 10**9).map(Decimal))
def test_number_written_is_read_again(number):
    assert read_number(write_number(number)) == number
    assert read_number(f"{number:f}") == number
    assert read_number(f"{number:,f}".replace(",", " ")) == number


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.dates(dt.date(2000, 1, 2), dt.date(2098, 12, 31)))
def test_day_written_is_read_again(day, today):
    assert read_day(write_day(day), today=today) == day
    assert read_day(day.isoformat(), today=today) == day
    assert read_day(f"{day:%d %b %Y}", today=today) == day
    assert last_of_month(read_month(f"{day:%m/%Y}")).month == day.month
    near = read_day(f"{today.day}/{today.month}", today=today)
    assert near == today


@given(st.text(max_size=12) | st.text("0123456789.,-/ £'’ packs", max_size=12))
def test_anything_is_read_or_refused(text):
    for read in (read_number, read_quantity, read_month, lambda words: read_day(words, today=TODAY)):
        with contextlib.suppress(NotUnderstood):
            read(text)


@given(st.decimals(min_value=0, max_value=10**7, places=2), st.sampled_from(["-", "x", "/", " 7 ", "..", "e3"]))
def test_number_with_more_behind_is_refused(number, more):
    with pytest.raises(NotUnderstood):
        read_number(f"{number}{more}")
