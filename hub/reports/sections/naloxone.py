"""Naloxone kits given out, and overdose reversals that people reported. Neither log is joined to visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, CharField, Count, F, Sum, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.reports.query import count_query
from hub.reports.rows import Figures, NumberFormat, ReportRow, Section
from volunteers.shared import locality

CALLED, NOT_CALLED = "reversals:called", "reversals:rest"


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """Kits by product, first and again; reversals with an emergency call and without. No two share anything."""
    given = NaloxoneGiven.objects.filter(month__gte=first, month__lt=end)
    whose = Case(When(again=True, then=Value("again")), default=Value("first"))
    of = Concat(Cast(F("product"), CharField()), Value(":"), whose, output_field=CharField())
    yield count_query(given, "naloxone", of=of, called="product__name", number=Sum("kits"))
    called = Case(When(called_999=True, then=Value("called")), default=Value("rest"), output_field=CharField())
    reported = Reversal.objects.filter(month__gte=first, month__lt=end)
    yield count_query(reported, "reversals", of=called, number=Count("pk"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """Kits, the share of kits given again, reversals, and the share with an emergency call."""
    products = {f"{item.pk}": item.name for item in figures.items.values() if item.naloxone}
    products |= {name.split(":")[1]: label for name, label in figures.names("naloxone")}
    first = {f"naloxone:{product}:first": 1 for product in products}
    again = {f"naloxone:{product}:again": 1 for product in products}
    told = _now("Overdoses reversed that people told us about")
    said = str(locality.put_number(_now("Of these, where {number} was called")))
    return [
        ReportRow(_now("Naloxone kits given out"), first | again, is_total=True),
        *(
            ReportRow(
                label, {f"naloxone:{product}:first": 1, f"naloxone:{product}:again": 1}, is_optional=len(products) > 1
            )
            for product, label in products.items()
            if len(products) > 1
        ),
        ReportRow(_now("To somebody for the first time, or not said"), first),
        ReportRow(_now("To somebody who had one before"), again),
        ReportRow(_now("Of all kits, to somebody who had one before"), again, NumberFormat.PERCENT, rest=first),
        ReportRow(told, {CALLED: 1, NOT_CALLED: 1}, is_total=True),
        ReportRow(said, {CALLED: 1}, NumberFormat.PERCENT, rest={NOT_CALLED: 1}),
    ]


SECTION = Section(
    "naloxone",
    _("Naloxone"),
    _("The log of kits given, and what people told us about overdoses. Neither has a visit, an evening or a person."),
    build_rows,
    build_queries,
)
