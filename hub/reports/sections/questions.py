"""Answers at the desk: topics, pathways, and every other question the hub asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, StrIndex, Substr
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.desk import question_types
from hub.desk.models.tallies import Measure, Tally
from hub.directory.models.services import Pathway
from hub.reports.query import count_query
from hub.reports.rows import Figures, ReportRow, Section


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies by question and answer. Topics and pathways carry the names of their rows."""
    tallies = Tally.objects.filter(month__gte=first, month__lt=end, measure=Measure.ANSWERS)
    tallies = tallies.annotate(answer=Substr("key", StrIndex("key", Value(":")) + 1))
    lists: dict[str, Any] = {"topics": Choice.objects, "pathways": Pathway.objects}
    for slug, rows in lists.items():
        named = rows.annotate(word=Cast("pk", CharField())).filter(word=OuterRef("answer"))
        called = Coalesce(Subquery(named.order_by().values("name")[:1]), Value(""))
        yield count_query(
            tallies.filter(key__startswith=f"{slug}:"), "said", of="key", called=called, number=Sum("value")
        )
    rest = tallies.exclude(key__startswith="topics:").exclude(key__startswith="pathways:")
    yield count_query(rest, "said", of="key", called=F("answer"), number=Sum("value"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """The answers of each question in its own order, with “not asked” and the like last."""
    named = figures.names("said")
    rows = []
    for kind in question_types.QUESTION_TYPES.values():
        words = {slug: str(label) for slug, label in (*kind.answers, *question_types.NON_ANSWERS)}
        own = {name: label for name, label in named if name.split(":")[1] == kind.slug}
        ordered = [f"said:{kind.slug}:{slug}" for slug in words]
        listed = [name for name in own if name not in ordered]
        for name in (*listed, *(name for name in ordered if name in own)):
            label = words.get(name.split(":")[2]) or own[name] or _now("No longer on the list")
            rows.append(ReportRow(label, {name: 1}, group=str(kind.label)))
    return rows


SECTION = Section(
    "said",
    _("What was talked about, and where people were pointed to"),
    _("Questions the desk asked on some visits, if anybody wanted to answer. Off unless the hub turned them on."),
    build_rows,
    build_queries,
)
