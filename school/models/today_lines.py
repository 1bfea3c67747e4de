"""What the School puts on Today: registers to close, people without an outcome, and sessions offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from school.models.proposals import Proposal
from school.models.sessions import Session
from volunteers.shared.registries import today_lines
from volunteers.shared.registries.asking import as_row, read_moment
from volunteers.shared.registries.today_lines import TodayLine

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from volunteers.models import User


def find_open_registers(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the sessions that are over and whose register is open."""
    over = Session.objects.announced().filter(ends_at__lte=now, register_closed_on=None)
    return over.order_by("starts_at", "pk").values(row=as_row(pk="pk", starts="starts_at"))


def read_open_registers(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say of which day each register is."""
    for row in rows:
        day = _name_day(row)
        yield TodayLine(
            title=_("The register of %(day)s is not closed") % {"day": day},
            address=reverse("school:register", args=[row["pk"]]),
            label=_("Fill in the register"),
            more=day,
        )


def find_missing_outcomes(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the sessions for which an outcome is missing."""
    return Session.objects.with_missing_outcomes().values(
        row=as_row(pk="pk", starts="starts_at", missing="missing_outcomes")
    )


def read_missing_outcomes(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say for which day how many outcomes are missing."""
    for row in rows:
        facts = {"n": row["missing"], "day": _name_day(row)}
        yield TodayLine(
            title=ngettext(
                "%(n)d outcome is missing for %(day)s", "%(n)d outcomes are missing for %(day)s", row["missing"]
            )
            % facts,
            address=reverse("school:outcomes", args=[row["pk"]]),
            label=_("Write them down"),
            more=facts["day"],
            count=row["missing"],
        )


def find_proposals(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the sessions that people offered to give and nobody has answered."""
    return Proposal.objects.open().select_related(None).values(row=as_row(pk="pk"))


def read_proposals(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say how many there are."""
    if rows:
        yield TodayLine(
            title=ngettext(
                "%(n)d offer to give a session waits for an answer",
                "%(n)d offers to give a session wait for an answer",
                len(rows),
            )
            % {"n": len(rows)},
            address=reverse("school:proposals"),
            label=_("Answer"),
            count=len(rows),
        )


def _name_day(row: dict[str, Any]) -> str:
    return date_format(timezone.localtime(read_moment(row["starts"])), _("l j F"))


today_lines.register("registers", "school.run_school", read_open_registers, find_open_registers)
today_lines.register("outcomes", "school.run_school", read_missing_outcomes, find_missing_outcomes)
today_lines.register("proposals", "school.run_school", read_proposals, find_proposals)
