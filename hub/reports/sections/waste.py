"""What was wasted: past its date, broken, recalled. About things, so it is known exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from hub.reports.query import counted, month_of
from hub.reports.rows import Found, Line, Section
from supplies.models import Movement


def asks(first: dt.date, end: dt.date) -> Iterable[Any]:
    """The ledger's rows."""
    rows = Movement.objects.filter(kind=Movement.Kind.WASTED, made_on__gte=first, made_on__lt=end)
    yield counted(rows, "wasted", of="item", called="item__name", month=month_of("made_on"), number=-Sum("quantity"))


def lines(found: Found) -> Sequence[Line]:
    """Each item some of which was wasted."""
    return [Line(label, {name: 1}, things=True) for name, label in found.names("wasted")]


SECTION = Section(
    "wasted",
    _("Wasted"),
    _("The stock’s ledger: past its date, broken or recalled. These are things, so they are exact."),
    lines,
    asks,
)
