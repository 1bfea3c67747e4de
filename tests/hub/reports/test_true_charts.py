"""Charts of the true figures over any range of completed months. Tries reports.true_charts and views.charts."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.urls import reverse

from hub.core.periods import months_on
from school.models import Enrolment, Session
from supplies.models import CompletedMonth
from tests.hub.reports.numbers_world import TODAY, a_month
from tests.hub.reports.test_reports import words
from tests.school.makers import a_course, a_person, a_session, enrol
from tests.supplies.makers import an_item
from tests.volunteers.rota_world import a_shift, post_of, somebody
from volunteers.models import Signup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

CHARTS, FILE = reverse("hub:report-charts"), reverse("hub:report-charts-file")
JANUARY = dt.date(2026, 1, 1)
MARKED = "True figures, do not share"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


@pytest.fixture
def reader(client, sign_in, coordinator):
    sign_in(client, coordinator)
    return client


@pytest.fixture
def months():
    """Four months of this year with more visits in each, and the third is not complete."""
    spoon, foil = an_item("Spoon"), an_item("Foil")
    for number in range(4):
        given = {spoon: 3, foil: number}
        a_month(months_on(JANUARY, number), visits=10 + number, people=20, given=given, sealed=number != 2)


def at(first, last):
    return {"from": first, "to": last}


def test_charts_show_exact_numbers_of_a_range(reader, months):
    page = words(reader.get(CHARTS, at("2026-01", "2026-02")))

    assert MARKED in page
    assert "January to February 2026" in page
    assert "21 visits. The most in one month: 11 in Feb 2026." in page
    assert "Jan 2026 10 20 1" in page
    assert "What went out most: Spoon, 6." in page
    assert "Foil 1" in page


def test_incomplete_month_is_a_gap_and_named(reader, months):
    page = words(reader.get(CHARTS, at("2026-01", "2026-04")))

    assert "Not complete, so not counted: March 2026." in page
    assert "34 visits." in page
    assert "Mar 2026 – – –" in page


def test_range_without_choice_is_the_last_year(reader, months):
    a_month(dt.date(2025, 4, 1), visits=70, people=80)

    page = words(reader.get(CHARTS))

    assert "January to April 2026" in page
    assert "34 visits." in page


def test_range_across_years_says_both(reader, months):
    a_month(dt.date(2025, 12, 1), visits=70, people=80)

    assert "December 2025 to January 2026" in words(reader.get(CHARTS, at("2025-12", "2026-01")))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (at("2026-04", "2026-01"), "The first month is after the last one."),
        (at("2026-03", "2026-04"), "Choose a month that is complete."),
        (at("x", "2026-04"), "Choose a month that is complete."),
        (at("2026-01", ""), "Choose a month that is complete."),
    ],
)
def test_wrong_range_is_refused_in_words(reader, months, asked, sentence):
    for page in (CHARTS, FILE):
        answer = reader.get(page, asked)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert "visits." not in words(answer)


def test_shifts_and_school_are_drawn_by_month(reader, months):
    start = dt.datetime(2026, 1, 5, 18, tzinfo=dt.UTC)
    for day in (0, 7):
        shift = a_shift(start + dt.timedelta(days=day))
    Signup.objects.create(person=somebody("Bo"), post=post_of(shift), shift=shift)
    session = a_session(a_course(), starts_at=start, register_closed_on=start.date())
    for name in ("Ash", "Cam"):
        enrol(session, a_person(name), "there")

    page = words(reader.get(CHARTS, at("2026-01", "2026-02")))

    assert "1 of 2 shifts had everybody they needed." in page
    assert "Jan 2026 2 1" in page
    assert "1 session. 2 times somebody came." in page
    assert (Session.objects.count(), Enrolment.objects.count()) == (1, 2)


def test_nothing_complete_says_what_to_do(reader):
    page = words(reader.get(CHARTS))

    assert "No month is complete yet" in page
    assert reader.get(FILE).status_code == 422


def test_months_without_anything_draw_no_chart(reader):
    CompletedMonth.objects.create(month=JANUARY)

    page = reader.get(CHARTS)

    assert "<svg viewBox" not in page.content.decode().partition("<main")[2]
    assert "Nothing was counted in these months." in words(page)


def test_file_is_marked_and_has_every_month(reader, months):
    answer = reader.get(FILE, at("2026-01", "2026-04"))

    assert answer["Content-Disposition"] == 'attachment; filename="true-figures-2026-01-2026-04.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0].startswith(MARKED)
    assert ["Visits", "10", "11", "", "13"] in rows
    assert ["Foil", "0", "1", "", "3"] in rows


@pytest.mark.parametrize("rows", [1, 3])
def test_charts_statements(reader, rows, django_assert_num_queries):
    for number in range(rows):
        a_month(months_on(JANUARY, number), given={an_item(f"Thing {number}"): 8})

    with django_assert_num_queries(7):
        reader.get(CHARTS)


@pytest.mark.parametrize("number", [1, 5, 24, 240])
def test_any_number_of_months_fits_the_picture(reader, number):
    for back in range(number):
        a_month(months_on(JANUARY, -back), visits=back, people=back)

    page = reader.get(CHARTS, at(f"{months_on(JANUARY, 1 - number):%Y-%m}", "2026-01")).content.decode()

    assert 'width="-' not in page
