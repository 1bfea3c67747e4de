"""The moments of `make test-dates`, and that Python and the database never disagree about the time."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from tests.dates.__main__ import LONDON, missing, moments, run

NIGHTS = ["2026-11-30 12:00", "2026-12-31 23:56", "2027-03-28 00:58", "2028-02-29 23:59", "2028-03-01 00:00"]


@pytest.mark.parametrize("now", NIGHTS)
def test_moments_are_ahead_and_what_they_are_called(now):
    now = dt.datetime.fromisoformat(now).replace(tzinfo=LONDON)

    known = dict(moments(now))

    assert len(known) == 6
    assert min(known.values()) > now
    assert format(known["New Year's Eve"], "%d %b %H:%M") == "31 Dec 23:57"
    assert format(known["29 February"], "%d %b") == "29 Feb"
    assert format(known["last of 31 days"], "%d %b") == "31 Mar"


@pytest.mark.parametrize(("name", "change"), [("clocks go forward", 1), ("clocks go back", -1)])
def test_clocks_change_within_minutes(name, change):
    moment = dict(moments(dt.datetime.now(dt.UTC)))[name]

    later = (moment.astimezone(dt.UTC) + dt.timedelta(minutes=3)).astimezone(LONDON)

    assert later.utcoffset() - moment.utcoffset() == dt.timedelta(hours=change)


@pytest.mark.django_db
def test_python_and_the_database_have_one_clock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()

    assert abs(timezone.now() - theirs) < dt.timedelta(minutes=1)


@pytest.mark.skipif(bool(missing()), reason="this machine cannot move a clock")
def test_run_makes_the_folder_of_its_log(tmp_path):
    log = tmp_path / "not there yet" / "moment.log"

    assert run(dt.datetime.now(dt.UTC), log, ["--version"]) == 0

    assert "pytest" in log.read_text()
