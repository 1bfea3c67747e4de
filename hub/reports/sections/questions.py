"""Answers at the desk: topics, pathways, and every other question the hub asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, StrIndex, Substr
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.desk import question_types
from hub.desk.models.tallies import Measure, Tally
from hub.directory.models.services import Pathway
from hub.disclosure.leaves import Share
from hub.reports.query import count_query, list_query
from hub.reports.rows import Figures, NumberFormat, ReportRow, Section

NON_ANSWERS = dict(question_types.NON_ANSWERS)


def build_queries(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The tallies by question and answer. Topics and pathways carry the names of their rows."""
    tallies = Tally.objects.filter(month__gte=first, month__lt=end, measure=Measure.ANSWERS)
    tallies = tallies.annotate(answer=Substr("key", StrIndex("key", Value(":")) + 1))
    lists: dict[str, Any] = {"topics": Choice.objects.filter(of=Choice.Of.TOPIC), "pathways": Pathway.objects.all()}
    for slug, rows in lists.items():
        named = rows.annotate(word=Cast("pk", CharField())).filter(word=OuterRef("answer"))
        called = Coalesce(Subquery(named.order_by().values("name")[:1]), Value(""))
        yield count_query(
            tallies.filter(key__startswith=f"{slug}:"), "said", of="key", called=called, number=Sum("value")
        )
        yield list_query(rows, "said", first, of=Concat(Value(f"{slug}:"), Cast("pk", CharField())))
    rest = tallies.exclude(key__startswith="topics:").exclude(key__startswith="pathways:")
    yield count_query(rest, "said", of="key", called=F("answer"), number=Sum("value"))


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """The answers of each question in its own order, as shares; “not asked” and the like for coordinators only."""
    rows = []
    for kind in question_types.QUESTION_TYPES.values():
        fixed = {f"said:{kind.slug}:{slug}": str(label) for slug, label in kind.answers}
        listed, gone = {}, []
        for name, label in _names_of(kind.slug, figures):
            if name not in fixed and name.split(":")[2] not in NON_ANSWERS:
                (gone.append(name) if not label else listed.update({name: label}))
        rows += [
            ReportRow(label, {name: 1}, NumberFormat.SHARE, str(kind.label), is_optional=name in listed)
            for name, label in (listed | fixed).items()
        ]
        unshared = {_now("No longer on the list"): dict.fromkeys(gone, 1)} if gone else {}
        unshared |= {str(label): {f"said:{kind.slug}:{slug}": 1} for slug, label in NON_ANSWERS.items()}
        rows += [
            ReportRow(label, parts, group=str(kind.label), is_optional=True, is_private=True)
            for label, parts in unshared.items()
        ]
    return rows


def find_shares(figures: Figures) -> dict[str, Share]:
    """Each answer as a share of all answers to its question. Whoever gave none is in no sum."""
    shares: dict[str, Share] = {}
    for kind in question_types.QUESTION_TYPES.values():
        answers = {f"said:{kind.slug}:{slug}" for slug, _label in kind.answers}
        answers |= {name for name, _label in _names_of(kind.slug, figures) if name.split(":")[2] not in NON_ANSWERS}
        shares |= dict.fromkeys(answers, Share(tuple(sorted(answers))))
    return shares


def _names_of(slug: str, figures: Figures) -> list[tuple[str, str]]:
    return [(name, label) for name, label in figures.names("said") if name.split(":")[1] == slug]


SECTION = Section(
    "said",
    _("What people talked about, and where we pointed them to"),
    _(
        "Questions the desk asked on some visits, if people wanted to answer. Off unless the hub switched them on. "
        "We show shares of all answers, in tenths, and only where there were enough. On a long list, we leave out "
        "answers under a tenth."
    ),
    build_rows,
    build_queries,
    find_shares,
)
