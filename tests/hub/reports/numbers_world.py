"""Months as reports read them: small, complete, and with nothing random in them."""

import datetime as dt

from hub.core.periods import Period
from hub.models import Edition, Measure, Opening, Tally
from hub.reports.models.publishing import preview_report, publish_report
from supplies.models import CompletedMonth

TODAY = dt.date(2026, 5, 20)
QUARTER = Period.read("2026-q1")
MARCH = Period.read("2026-03")


def a_month(month, *, visits=40, people=50, given=None, sealed=True):
    """One month at one opening, with what went out in it."""
    if visits:
        Opening.objects.create(
            date=month.replace(day=3), kind="planned", state=Opening.State.CLOSED, visits=visits, people=people
        )
    Tally.objects.add(
        month,
        {
            (Measure.VISITS, ""): visits,
            (Measure.PEOPLE, ""): people,
            **{(Measure.GIVEN, str(item.pk)): n for item, n in (given or {}).items()},
        },
    )
    if sealed:
        CompletedMonth.objects.create(month=month)


def a_quarter(period=QUARTER, **about):
    """Three such months."""
    for month in period.months:
        a_month(month, **about)


def put_right(month, measure, value, key=""):
    """A correction, as it stands in the tally afterwards."""
    Tally.objects.filter(month=month, measure=measure, key=key).update(value=value)


def publish(period=QUARTER, **words):
    """Looked at, and out, as a coordinator does it."""
    last = Edition.objects.of(period).first()
    seen = preview_report(period).fingerprint
    return publish_report(period, number=last.number + 1 if last else 1, seen=seen, **words)


def cells(edition, slug):
    """Label → cells of one table of an edition."""
    (table,) = [table for table in edition.tables if table["slug"] == slug]
    return {row["label"]: row["cells"] for row in table["rows"]}
