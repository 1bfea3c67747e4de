"""Fetches the figures of all tables of a report at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db.models import DateField, F, IntegerField, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, TruncMonth

from hub.reports.rows import Atom, Figures, Section
from supplies.models import CompletedMonth, Item

MINUTES = "minutes"
"""Added up in minutes wherever they stand, and shown in whole hours."""

NOTHING = Value("", TextField())
COLUMNS = ("what", "of_what", "called", "in_month", "how_many")


def count_query(  # noqa: PLR0913 -- a question says all of this, by name
    rows: QuerySet[Any],
    what: str | F,
    *,
    of: Any = None,
    called: Any = None,
    month: Any = "month",
    number: Any = None,
) -> QuerySet[Any]:
    """Return a queryset of (what, of, label, month, number) over these rows. `number` is an aggregate."""
    question: QuerySet[Any] = (
        rows.order_by()
        .values(
            what=Value(what, TextField()) if isinstance(what, str) else Cast(what, TextField()),
            of_what=NOTHING if of is None else Cast(of, TextField()),
            called=NOTHING if called is None else Cast(called, TextField()),
            in_month=F(month) if isinstance(month, str) else month,
        )
        .annotate(how_many=Cast(Sum("number") if number is None else number, IntegerField()))
        .values_list(*COLUMNS)
    )
    return question


def list_query(
    rows: QuerySet[Any], what: str, month: dt.date, *, of: Any = "pk", called: str = "name"
) -> QuerySet[Any]:
    """Return a queryset of the lines of a list, each with the number nought: it is known while nobody counted it."""
    return (
        rows.order_by()
        .values(
            what=Value(what, TextField()),
            of_what=Cast(of, TextField()),
            called=Cast(called, TextField()),
            in_month=Value(month, DateField()),
            how_many=Value(0, IntegerField()),
        )
        .values_list(*COLUMNS)
    )


def month_expression(field: str) -> Cast:
    """The first day of the month of a day, or of a moment where we are."""
    return Cast(TruncMonth(field, output_field=DateField()), DateField())


def fetch_figures(sections: Iterable[Section], first: dt.date, end: dt.date) -> Figures:
    """Return every figure of these sections, from the month of `first` until before `end`. Four statements at most."""
    sections = list(sections)
    queries = list(chain.from_iterable(build(first, end) for section in sections if (build := section.build_queries)))
    numbers: dict[Atom, int] = {}
    labels: dict[str, str] = {}
    if queries:
        # The tally's keys are words, the logs' are numbers: one statement takes both as words.
        for what, of, called, month, how_many in queries[0].union(*queries[1:], all=True):
            name = f"{what}:{of}"
            numbers[name, month] = numbers.get((name, month), 0) + int(how_many or 0)
            labels[name] = called or labels.get(name, "")
    for name, month in [atom for atom in numbers if atom[0] == f"{MINUTES}:"]:
        numbers["hours:", month] = round(numbers.pop((name, month)) / 60)
    return Figures(
        numbers,
        labels,
        {item.pk: item for item in Item.objects.by_category().prefetch_related("components")},
        frozenset(CompletedMonth.objects.values_list("month", flat=True)),
    )
