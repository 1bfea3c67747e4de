"""A hub without a database that publishes: true numbers in, and everything anybody can read out.

It uses the sections, the rows and the rule of the product, and no part of what attacks them.
"""

import datetime as dt
from types import SimpleNamespace

from hub.core.periods import Period, Span, months_on
from hub.disclosure.leaves import Publication
from hub.disclosure.measures import MEASURES, measure_of
from hub.reports import sections
from hub.reports.charts import build_charts, build_headlines, format_tables
from hub.reports.document import build_document, find_shares
from hub.reports.downloads import write_csv
from hub.reports.rows import Figures

JANUARY = dt.date(2026, 1, 1)
YEAR = Period(JANUARY, Span.YEAR)
QUARTER = Period(JANUARY, Span.QUARTER)
MONTHS = [Period(month, Span.MONTH) for month in YEAR.months]
COMPLETED = frozenset(months_on(JANUARY, n) for n in range(12))


def an_item(pk, name, **about):
    """A line of the catalogue, as the sections read it."""
    parts = about.pop("parts", {})
    components = [SimpleNamespace(item_id=item, quantity=quantity) for item, quantity in parts.items()]
    defaults = {"counts_as_set": False, "medicine": False, "naloxone": False, "is_pack": bool(parts), "grain": 1}
    return SimpleNamespace(
        pk=pk,
        name=name,
        category=SimpleNamespace(name="Things"),
        components=SimpleNamespace(all=lambda: components),
        **defaults | about,
    )


class Press:
    """Publishes editions of one world, one after the other, and keeps all that a reader can read."""

    def __init__(self, *slugs, items=(), labels=None, grains=None, shares_open=None):
        """Print only the sections of these slugs; all of them without one."""
        self.sections = [section for section in sections.SECTIONS if not slugs or section.slug in slugs]
        self.items = {item.pk: item for item in items}
        self.labels, self.grains = dict(labels or {}), dict(grains or {})
        self.published, self.read = {}, []

    def grain(self, name):
        """The grain of a series, as coordinators chose it."""
        measure = measure_of(name)
        own = self.grains.get(measure, MEASURES[measure].grain)
        key = name.split(":")[1]
        item = self.items.get(int(key)) if MEASURES[measure].by_item and key.isdigit() else None
        return max(own, Span(item.grain)) if item else own

    def publish(self, period, numbers, today=dt.date(2027, 2, 1)):
        """Print one edition of these true numbers, by (series, month)."""
        figures = Figures(numbers, self.labels | {name: "" for name, _month in numbers} | self.labels, self.items,
                          COMPLETED)  # fmt: skip
        publication = Publication(
            figures.add_up, COMPLETED, dict(self.published), self.grain, today, find_shares(self.sections, figures)
        )
        document = build_document(self.sections, period, figures, publication)
        self.published |= publication.made
        self.read.append(self._print(document))
        return document

    def _print(self, document):
        charts = [(chart.sentence, chart.svg, chart.rows) for chart in build_charts(document)]
        tables = [(table["slug"], table["later"], table["put_right"]) for table in format_tables(document)]
        return repr((write_csv([], document), charts, build_headlines(document), tables))
