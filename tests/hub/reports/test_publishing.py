"""Publishing: at once, once, and what somebody looked at; corrections, withdrawal and frozen figures."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction

from hub.core.periods import Period, Span
from hub.models import Edition, Measure, MeasureGrain, PublishedFigure, Tally
from hub.reports.models.publishing import PublishedAlready, preview_report, publish_report
from supplies.models import CompletedMonth
from tests.hub.reports.numbers_world import MARCH, QUARTER, TODAY, a_month, a_quarter, cells, publish, put_right
from tests.supplies.makers import an_item
from tests.volunteers.threads import at_once
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


def figures(measure="visits", **about):
    """First day → bucket of each version published."""
    rows = PublishedFigure.objects.filter(measure=measure, **about).order_by("first", "version")
    return [(row.first.month, row.bucket) for row in rows]


def test_edition_freezes_the_leaves_it_shows():
    spoon = an_item("Spoon")
    for month, visits in zip(QUARTER.months, (0, 5, 41), strict=True):
        a_month(month, visits=visits, people=visits, given={spoon: visits})

    publish()

    assert figures() == [(1, 0), (2, 1), (3, 40)]
    assert figures("given", key=str(spoon.pk)) == [(1, 0), (2, 1), (3, 40)]
    # Beside hidden visits there are no people.
    assert figures("people") == [(1, 0), (3, 40)]


def test_report_is_what_somebody_looked_at():
    a_quarter(visits=41)
    seen = preview_report(QUARTER).fingerprint
    put_right(QUARTER.first, Measure.VISITS, 50)

    with pytest.raises(NotAllowed, match=r"Somebody corrected a number while you looked at this page."):
        publish_report(QUARTER, number=1, seen=seen)
    assert not Edition.objects.exists()
    assert not PublishedFigure.objects.exists()


def test_correction_within_its_bucket_changes_nothing():
    a_quarter(visits=40)
    seen = preview_report(QUARTER).fingerprint
    put_right(QUARTER.first, Measure.VISITS, 41)

    assert publish_report(QUARTER, number=1, seen=seen).number == 1


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [(41, 60, 60), (41, 42, 40), (5, 60, "*"), (0, 60, 0), (0, 3, 0), (9, 7, 10), (41, 0, 40), (7, 8, "*")],
)
def test_correction_restates_only_shown_numbers(was, now, shown):
    foil = an_item("Foil")
    a_month(MARCH.first, given={foil: was, an_item("Spoon"): 1})
    key = str(foil.pk)
    publish(MARCH)
    Tally.objects.update_or_create(month=MARCH.first, measure="given", key=key, defaults={"value": now})

    with time_machine.travel("2026-06-02 12:00 +0100", tick=False):
        second = publish(MARCH)

    assert cells(second, "given").get("Foil", [0])[0] == shown
    (table,) = [table for table in second.tables if table["slug"] == "given"]
    is_restated = now == 60 and was == 41
    assert [line["day"] for line in table["put_right"]] == (["2026-06-02"] if is_restated else [])
    assert len(figures("given", key=key)) == (2 if is_restated else 1)


def test_totals_are_sums_of_frozen_months():
    foil = an_item("Foil")
    for month, n in zip(QUARTER.months, (3, 3, 12), strict=True):
        a_month(month, given={foil: n})
    publish(MARCH)

    # 18 would be shown as 20: but 10 and two stars are what anybody can add up.
    assert cells(publish(), "given")["Foil"] == [[12, 24], None, None, "*", "*", 10]


def test_withdrawn_edition_keeps_its_figures():
    a_month(MARCH.first, visits=5, people=5)
    edition = publish(MARCH)

    edition.withdraw()
    put_right(MARCH.first, Measure.VISITS, 9)
    put_right(MARCH.first, Measure.PEOPLE, 9)
    second = publish(MARCH)

    assert not Edition.objects.public().filter(pk=edition.pk).exists()
    assert cells(second, "visits")["Visits"][0] == "*"
    assert second.number == 2
    edition.show_again()
    assert Edition.objects.public().filter(pk=edition.pk).exists()


def test_year_keeps_the_grain_it_began_with():
    a_quarter(visits=5, people=5)
    a_month(dt.date(2025, 12, 1), visits=20)
    publish(MARCH)
    MeasureGrain.objects.choose({"visits": Span.QUARTER}, {})

    publish()

    spans = set(PublishedFigure.objects.filter(measure="visits", first__year=2026).values_list("span", flat=True))
    assert spans == {1}


def change(figure):
    figure.bucket = 40
    figure.save()


@pytest.mark.parametrize(
    "do",
    [lambda _figure: PublishedFigure.objects.update(bucket=40), lambda figure: figure.delete(), change],
    ids=["update", "delete", "save"],
)
def test_database_refuses_changing_published_figures(do):
    a_month(MARCH.first)
    publish(MARCH)
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        do(PublishedFigure.objects.filter(measure="visits", first=MARCH.first).get())


def a_figure(**about):
    defaults = {"measure": "visits", "key": "", "first": MARCH.first, "span": 1, "bucket": 20, "version": 1}
    return PublishedFigure.objects.create(**defaults | {"edition": Edition.objects.first()} | about)


@pytest.mark.parametrize(
    ("about", "rule"),
    [
        ({}, "figure_leaves_do_not_overlap|pkey"),
        ({"first": QUARTER.first, "span": 3}, "figure_leaves_do_not_overlap"),
        ({"first": QUARTER.first, "span": 12}, "figure_leaves_do_not_overlap"),
        ({"version": 2, "bucket": 40}, "never put right|pkey"),
        ({"version": 3, "bucket": 20}, "never put right"),
        ({"version": 2, "bucket": 1}, "never put right"),
        ({"version": 2, "bucket": 0}, "never put right"),
        ({"key": "x", "bucket": 7}, "figure_in_a_bucket"),
    ],
)
def test_database_refuses_figures_that_would_tell(about, rule):
    a_month(MARCH.first)
    publish(MARCH)
    with pytest.raises(IntegrityError, match=rule):
        a_figure(**about)


def test_database_refuses_restating_a_hidden_figure():
    a_month(MARCH.first, visits=5, people=5)
    publish(MARCH)
    with pytest.raises(IntegrityError, match="never put right"):
        a_figure(version=2, bucket=20)


@pytest.mark.django_db(transaction=True)
def test_six_publishing_at_once_make_one_edition():
    a_quarter()
    seen = preview_report(QUARTER).fingerprint

    answers = at_once(*[lambda: publish_report(QUARTER, number=1, seen=seen)] * 6)

    try:
        (edition,) = [answer for answer in answers if isinstance(answer, Edition)]
        others = [answer for answer in answers if answer is not edition]
        assert [(type(other), other.edition) for other in others] == [(PublishedAlready, edition)] * 5
        assert Edition.objects.count() == 1
    finally:
        with connection.cursor() as cursor:
            # The flush between tests does not mind the triggers, but says so here.
            cursor.execute("TRUNCATE hub_edition, hub_publishedfigure")
        CompletedMonth.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_overlapping_periods_published_at_once_agree():
    a_quarter()
    month = Period(QUARTER.first, Span.MONTH)
    seen = {period: preview_report(period).fingerprint for period in (month, QUARTER)}

    answers = at_once(*[lambda period=period: publish_report(period, number=1, seen=seen[period]) for period in seen])

    try:
        assert {type(answer) for answer in answers} == {Edition}
        assert figures() == [(1, 40), (2, 40), (3, 40)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE hub_edition, hub_publishedfigure")
        CompletedMonth.objects.all().delete()
