"""When repeating shifts fall, and rules nobody can plan by."""

import contextlib
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from volunteers.holiday_regions import find_bank_holidays
from volunteers.recurrence import NotARule, days, few_days, lacking_months, on_the_clock, read

LONDON = ZoneInfo("Europe/London")
START = dt.date(2026, 11, 19)  # a Thursday
EVERY = "FREQ=WEEKLY;BYDAY=TH"


def falls_on(text, last, start=START):
    return [str(day) for day in days(read(text, start), start, dt.date.fromisoformat(last))]


@pytest.mark.parametrize(
    ("text", "last", "expected"),
    [
        (EVERY, "2026-12-03", ["2026-11-19", "2026-11-26", "2026-12-03"]),
        ("rrule:freq=weekly;byday=th;", "2026-11-26", ["2026-11-19", "2026-11-26"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "2026-12-03", ["2026-11-19", "2026-12-01", "2026-12-03"]),
        ("FREQ=MONTHLY;BYDAY=-1SA", "2026-12-31", ["2026-11-28", "2026-12-26"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-03-31", ["2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-26", ["2026-11-19", "2026-11-22", "2026-11-25"]),
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=2", "2027-06-01", ["2026-11-19", "2026-11-26"]),
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20261126", "2027-06-01", ["2026-11-19", "2026-11-26"]),
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20261126T235959Z", "2027-06-01", ["2026-11-19", "2026-11-26"]),
    ],
)
def test_rule_falls_on_these_days(text, last, expected):
    assert falls_on(text, last) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "every thursday", "FREQ=HOURLY", "FREQ=SECONDLY;COUNT=100000000", "FREQ=WEEKLY;BYHOUR=3",
        "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=99999999999999999999", "FREQ=WEEKLY;FREQ=DAILY", "FREQ=DAILY;BYDAY=TH",
        "FREQ=WEEKLY;BYDAY=TH\nRRULE:FREQ=DAILY", "FREQ=WEEKLY\x00", "FREQ=WEEKLY;UNTIL=yesterday",
        "FREQ=WEEKLY;COUNT=ten", "FREQ=MONTHLY;BYMONTHDAY=99999999999999999999", "FREQ=MONTHLY;BYSETPOS=0",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20261201", "DTSTART=20200101;FREQ=WEEKLY", "FREQ=" + "WEEKLY" * 60,
        "FREQ=MONTHLY;BYDAY=" + ",".join(["1MO"] * 60), "FREQ=MONTHLY;BYMONTHDAY=٣",
        "FREQ=WEEKLY;BYMONTH=13", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=7",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_in_words(text):
    with pytest.raises(NotARule, match=r"\w+ \w+"):
        days(read(text, START), START, START + dt.timedelta(days=90))


@pytest.mark.parametrize(
    "text", ["FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=30;BYMONTH=2"]
)
def test_impossible_rule_ends(text):
    with contextlib.suppress(NotARule):
        assert falls_on(text, "2027-03-01") == []


def test_an_endless_rule_ends_where_we_stop_looking():
    assert len(falls_on("FREQ=DAILY", "2027-02-01")) == 75


def test_ten_thousand_shifts_are_refused():
    rule = read("FREQ=DAILY", START)
    with pytest.raises(NotARule, match="more than 200 shifts"):
        few_days(rule, START, dt.date(2027, 11, 19))
    with pytest.raises(NotARule, match="more than a year"):
        few_days(rule, START, dt.date(2054, 4, 6))
    assert len(few_days(rule, START, START + dt.timedelta(days=199))) == 200


def hours(day, starts, ends):
    start, end = on_the_clock(
        dt.date.fromisoformat(day), dt.time.fromisoformat(starts), dt.time.fromisoformat(ends), LONDON
    )
    local = start.astimezone(LONDON), end.astimezone(LONDON)
    return f"{local[0]:%d %H:%M}", f"{local[1]:%d %H:%M}", (end - start) / dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "expected"),
    [
        ("2026-11-26", "18:00", "21:00", ("26 18:00", "26 21:00", 3)),
        ("2026-11-26", "22:00", "02:00", ("26 22:00", "27 02:00", 4)),
        ("2026-11-26", "22:00", "00:00", ("26 22:00", "27 00:00", 2)),
        # The clocks go back on Sunday 25 October 2026: that night has one hour more.
        ("2026-10-24", "22:00", "06:00", ("24 22:00", "25 06:00", 9)),
        ("2026-10-25", "18:00", "21:00", ("25 18:00", "25 21:00", 3)),
        ("2026-10-25", "01:30", "03:00", ("25 01:30", "25 03:00", 2.5)),
        # They go forward on Sunday 29 March 2026: one hour less, and between one and two there is no time at all.
        ("2026-03-28", "22:00", "06:00", ("28 22:00", "29 06:00", 7)),
        ("2026-03-29", "18:00", "21:00", ("29 18:00", "29 21:00", 3)),
        ("2026-03-29", "01:30", "04:00", ("29 02:30", "29 04:00", 1.5)),
    ],
)
def test_clock_times_on_days(day, starts, ends, expected):
    assert hours(day, starts, ends) == expected


def test_a_shift_the_clocks_swallow_whole_is_none():
    assert on_the_clock(dt.date(2026, 3, 29), dt.time(1, 0), dt.time(2, 0), LONDON) is None


def test_bank_holidays_of_england_and_of_nowhere():
    assert find_bank_holidays("ENG", [2026])[dt.date(2026, 12, 25)] == "Christmas Day"
    assert dt.date(2026, 11, 30) not in find_bank_holidays("ENG", [2026])
    assert dt.date(2026, 11, 30) in find_bank_holidays("SCT", [2026])
    assert find_bank_holidays("", [2026]) == {}


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=5TU", START, ["November 2026 has no fifth Tuesday.", "January 2027", "February 2027"]),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=5", START, ["November 2026 has no fifth", "January 2027", "February 2027"]),
        ("FREQ=MONTHLY;BYDAY=-5TH,5SU", START, ["November 2026 has no fifth Thursday.", "December 2026 has no fifth Su",
            "January 2027 has no fifth Thursday.", "February 2027 has no fifth Th", "February 2027 has no fifth Su"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31,15", START, ["November 2026 has no day 31.", "February 2027 has no day 31"]),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31", START, ["November 2026 has no day 31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2", START, ["February 2027 has no day 30."]),
        ("FREQ=MONTHLY", dt.date(2026, 12, 31), ["February 2027 has no day 31."]),
        ("FREQ=MONTHLY;BYDAY=5TU;UNTIL=20270110", START, ["November 2026", "January 2027"]),
        ("FREQ=MONTHLY;BYDAY=5TU;COUNT=1", START, ["November 2026"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", START, ["December 2026 does not", "January 2027", "February 2027"]),
        ("FREQ=MONTHLY;BYDAY=1TU,2TH,-1SA", START, []),
        ("FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=2", START, []),
        ("FREQ=WEEKLY;BYDAY=TU", START, []),
    ],
)  # fmt: skip
def test_months_that_lack_a_day_are_named(text, start, expected):
    sentences = lacking_months(text, start, START, dt.date(2027, 2, 28))

    assert len(sentences) == len(expected), sentences
    assert all(sentence.startswith(begin) for sentence, begin in zip(sentences, expected, strict=True)), sentences
