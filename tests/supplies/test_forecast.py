"""The forecast alone: tables of what it says, and what holds of it whatever comes."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplies.forecast import (
    Advice,
    MonthUse,
    OpeningCount,
    OrderReason,
    Stock,
    a_week,
    advise,
    days_of,
    months_back,
    openings_a_week,
    use_per_opening,
)

USUAL = MonthUse(openings=8, used=80)


@pytest.mark.parametrize(
    ("months", "per_opening"),
    [
        ([], None),
        ([USUAL], 10),
        ([USUAL, USUAL, USUAL, MonthUse(2, 20)], 10),
        # One odd month, either way.
        ([USUAL, USUAL, MonthUse(8, 800), USUAL], 10),
        ([USUAL, USUAL, MonthUse(8, 0), USUAL], 10),
        # Closed for a fortnight, then for a month.
        ([USUAL, MonthUse(4, 40), USUAL, USUAL], 10),
        ([USUAL, MonthUse(0, 0), USUAL], 10),
        ([MonthUse(0, 0)] * 4, None),
        # Nobody took any, and nobody asked: that is an answer.
        ([MonthUse(8, 0)] * 4, 0),
        # Nobody took any because there was none.
        ([USUAL, MonthUse(8, 0, missed=9), MonthUse(8, 0, missed=4)], 10),
        ([MonthUse(8, 0, missed=1)], None),
        # Between the two in the middle.
        ([MonthUse(1, 1), MonthUse(1, 2), MonthUse(1, 4), MonthUse(1, 9)], 3),
        ([MonthUse(3, 1)], Fraction(1, 3)),
        # More was taken back than went out: a late correction, and no negative need.
        ([MonthUse(8, -3)], 0),
    ],
)
def test_use_per_opening_is_the_median(months, per_opening):
    assert use_per_opening(months) == per_opening


@pytest.mark.parametrize(
    ("held", "pace"),
    [
        ([], None),
        ([OpeningCount(8, 28)], 2),
        ([OpeningCount(8, 28), OpeningCount(8, 28), OpeningCount(0, 28), OpeningCount(1, 7)], 2),
        ([OpeningCount(0, 31)], None),
        ([OpeningCount(1, 0)], None),
        ([OpeningCount(1, 2)], Fraction(7, 2)),
    ],
)
def test_openings_a_week_leave_out_months_without_any(held, pace):
    assert openings_a_week(held) == pace


def test_use_a_week_is_known_once_both_are():
    assert a_week(Fraction(10), Fraction(2)) == 20
    assert a_week(None, Fraction(2)) is None
    assert a_week(Fraction(10), None) is None


@pytest.mark.parametrize(
    ("stock", "days"),
    [
        (Stock(usable=20, per_week=Fraction(14)), 10),
        (Stock(usable=19, per_week=Fraction(14)), 9),
        (Stock(usable=0, per_week=Fraction(14)), 0),
        (Stock(usable=-9, per_week=Fraction(14)), 0),
        (Stock(usable=20, per_week=Fraction(0)), None),
        (Stock(usable=20, per_week=None), None),
    ],
)
def test_days_left(stock, days):
    assert stock.days_left == days


ONE_A_DAY = Fraction(7)


@pytest.mark.parametrize(
    ("stock", "advice"),
    [
        # One a day, a fortnight on the way and a week to spare: from 21 on there is enough.
        (Stock(usable=21, per_week=ONE_A_DAY), None),
        # Without a target: a week and eight more when it arrives, 63, and 14 used on the way.
        (Stock(usable=20, per_week=ONE_A_DAY), Advice(57, OrderReason.RUNS_OUT)),
        (Stock(usable=20, per_week=ONE_A_DAY, pack_size=10), Advice(6, OrderReason.RUNS_OUT)),
        # What is on order counts, and says nothing about the shelf.
        (Stock(usable=0, on_order=21, per_week=ONE_A_DAY), None),
        (Stock(usable=0, on_order=20, per_week=ONE_A_DAY), Advice(57, OrderReason.OUT)),
        # A longer way asks earlier and for more.
        (Stock(usable=21, per_week=ONE_A_DAY, lead_days=28), Advice(70, OrderReason.RUNS_OUT)),
        # To the target on the day it comes.
        (Stock(usable=10, per_week=ONE_A_DAY, target=100), Advice(104, OrderReason.RUNS_OUT)),
        # Below the minimum, though it would last.
        (Stock(usable=49, per_week=ONE_A_DAY, minimum=50, target=100), Advice(65, OrderReason.BELOW_MINIMUM)),
        (Stock(usable=50, per_week=ONE_A_DAY, minimum=50, target=100), None),
        # A minimum and nothing known of use: up to the target, else to the minimum.
        (Stock(usable=3, minimum=50, target=100), Advice(97, OrderReason.BELOW_MINIMUM)),
        (Stock(usable=3, minimum=50), Advice(47, OrderReason.BELOW_MINIMUM)),
        (Stock(usable=0, minimum=1), Advice(1, OrderReason.OUT)),
        # Neither minimum nor use: never.
        (Stock(usable=0), None),
        (Stock(usable=-5), None),
        (Stock(usable=0, target=100), None),
        (Stock(usable=0, per_week=Fraction(0)), None),
        # Below zero: as if empty, and counted.
        (Stock(usable=-40, minimum=10), Advice(10, OrderReason.BELOW_ZERO)),
        # A target lower than what goes out on the way would order nothing: enough, at least.
        (Stock(usable=20, per_week=ONE_A_DAY, target=1), Advice(1, OrderReason.RUNS_OUT)),
    ],
)
def test_advice(stock, advice):
    assert advise(stock) == advice


def test_months_looked_at_are_three_and_this_one():
    assert months_back(dt.date(2026, 2, 28)) == [
        dt.date(2025, 11, 1),
        dt.date(2025, 12, 1),
        dt.date(2026, 1, 1),
        dt.date(2026, 2, 1),
    ]


@pytest.mark.parametrize(
    ("month", "today", "days"),
    [
        (dt.date(2026, 2, 1), dt.date(2026, 3, 31), 28),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 31), 31),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 1), 1),
        (dt.date(2025, 12, 1), dt.date(2026, 1, 5), 31),
    ],
)
def test_days_of_a_month_end_with_today(month, today, days):
    assert days_of(month, today) == days


months = st.builds(MonthUse, openings=st.integers(0, 31), used=st.integers(0, 9_999), missed=st.integers(0, 9))
stocks = st.builds(
    Stock,
    usable=st.integers(-500, 5_000),
    on_order=st.integers(0, 5_000),
    minimum=st.none() | st.integers(0, 500),
    target=st.none() | st.integers(500, 5_000),
    pack_size=st.integers(1, 500),
    lead_days=st.integers(0, 60),
    per_week=st.none() | st.fractions(0, 2_000, max_denominator=60),
)


@given(st.lists(months, max_size=4))
def test_a_month_we_were_closed_changes_nothing(some):
    assert use_per_opening([*some, MonthUse(0, 0)]) == use_per_opening(some)


@given(st.lists(st.integers(1, 999), min_size=3, max_size=3), st.integers(0, 999_999))
def test_odd_month_stays_within_the_others(usual, odd):
    rate = use_per_opening([*(MonthUse(1, used) for used in usual), MonthUse(1, odd)])

    assert min(usual) <= rate <= max(usual)


@given(stocks)
def test_advice_is_enough_without_extra_pack(stock):
    advice = advise(stock)
    coming = max(stock.usable, 0) + stock.on_order
    a_day = (stock.per_week or 0) / 7
    enough = max(a_day * (stock.lead_days + 7), stock.minimum or 0)
    if advice is None:
        assert coming >= enough
    else:
        assert coming < enough
        assert advice.packs >= 1
        assert coming + advice.packs * stock.pack_size >= enough
        wanted = max(enough, a_day * stock.lead_days + (a_day * 63 if stock.target is None else stock.target))
        assert coming + (advice.packs - 1) * stock.pack_size < wanted


@given(stocks, st.integers(0, 500))
def test_more_on_the_shelf_never_asks_for_more(stock, more):
    def packs(usable):
        advice = advise(Stock(**{name: getattr(stock, name) for name in Stock.__slots__} | {"usable": usable}))
        return advice.packs if advice else 0

    assert packs(stock.usable + more) <= packs(stock.usable)
