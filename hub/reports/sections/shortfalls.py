"""What was asked for and not there, and what the law stopped: why more is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.query import counted
from hub.reports.rows import Found, Line, Section
from supplies.models import Shortfall

Reason = Shortfall.Reason


def _asks(*reasons: str) -> Any:
    def asks(first: dt.date, end: dt.date) -> Iterable[Any]:
        """The month's shortfalls, by thing: what is in the catalogue, and what is not."""
        yield counted(
            Shortfall.objects.filter(month__gte=first, month__lt=end, reason__in=reasons),
            F("reason"),
            of=Coalesce(F("item"), F("wish") * -1),
            called=Coalesce(F("item__name"), F("wish__name")),
        )

    return asks


def _lines(found: Found, reason: str, group: str) -> Sequence[Line]:
    return [Line(label, {name: 1}, group=group) for name, label in found.names(reason)]


def law(found: Found) -> Sequence[Line]:
    """What the law keeps us from giving."""
    named = found.names(Reason.LAW)
    every = Line(_now("All together"), {name: 1 for name, _label in named}, sum=True)
    return [every, *(Line(label, {name: 1}) for name, label in named)] if named else []


def missing(found: Found) -> Sequence[Line]:
    """What we were out of, and what we do not stock."""
    return [
        *_lines(found, Reason.OUT, _now("We had run out")),
        *_lines(found, Reason.NOT_STOCKED, _now("We do not stock it")),
    ]


LAW = Section(
    "law",
    _("What the law stopped"),
    _("What people asked for at the desk and the law does not let us give, counted by month. Nobody wrote who asked."),
    law,
    _asks(Reason.LAW),
)
MISSING = Section(
    "missing",
    _("Asked for and not there"),
    _("What people asked for at the desk and could not have, counted by month. Nobody wrote who asked."),
    missing,
    _asks(Reason.OUT, Reason.NOT_STOCKED),
)
