"""The School's part of a person's data export, in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from school.models import Cohort, Completion, Enrolment, Outcome, Proposal, Session
from volunteers.shared.clock import format_day_and_time


def parts(me: OuterRef) -> dict[str, QuerySet[Any]]:
    """The queries of the export, by name, about the person in `me`, to be asked along with others."""
    course = "module__course__says_"
    queries: dict[str, tuple[QuerySet[Any], dict[str, Any]]] = {
        "school_places": (
            Enrolment.objects.filter(person=me).order_by("session__starts_at"),
            {"at": F("session__starts_at"), "state": F("state"), "why": F("out_of_turn")},
        ),
        "school_outcomes": (
            Outcome.objects.filter(person=me).order_by("module__order"),
            {"module": F("module__title"), "state": F("state"), "on": F("said_on"), "how": F("how"), "note": F("note")}
            | {state: F(f"{course}{state}") for state in ("done", "together", "not_yet")},
        ),
        "school_completions": (
            Completion.objects.filter(person=me).order_by("completed_on"),
            {"what": Coalesce("course__name", "module__title"), "on": F("completed_on")},
        ),
        "school_cohorts": (Cohort.objects.filter(members=me), {"name": F("name")}),
        "school_gives": (Session.objects.filter(facilitators=me).order_by("starts_at"), {"at": F("starts_at")}),
        "school_proposals": (
            Proposal.objects.filter(person=me),
            {name: F(name) for name in ("title", "about", "state", "answer")},
        ),
    }
    return {name: rows.values(row=JSONObject(**about)) for name, (rows, about) in queries.items()}


def lines(person: Any) -> Iterator[tuple[str, str]]:
    """Label and value, of a person with `parts`: places, outcomes and how we know, completions, groups, offers."""
    for row in person.school_places:
        text = f"{_format_day(row['at'])}: {Enrolment.State(row['state']).label}"
        yield _("A session"), f"{text} ({row['why']})" if row["why"] else text
    for row in person.school_outcomes:
        how = row["note"] or str(Outcome.Evidence(row["how"]).label)
        yield row["module"], f"{row[row['state']]}, {_format_day(row['on'])} ({how})"
    for row in person.school_completions:
        yield _("Completed"), f"{row['what']}, {_format_day(row['on'])}"
    for row in person.school_cohorts:
        yield _("A group you are in"), row["name"]
    for row in person.school_gives:
        yield _("A session you give"), _format_day(row["at"])
    for row in person.school_proposals:
        text = f"{row['title']}: {Proposal.State(row['state']).label}. {row['about']}"
        yield _("A session you offered"), f"{text} {row['answer']}".strip()


def _format_day(when: str) -> str:
    """A day, or a day and an hour, as PostgreSQL writes them in JSON."""
    if "T" not in when:
        return date_format(dt.date.fromisoformat(when), "DATE_FORMAT")
    return format_day_and_time(dt.datetime.fromisoformat(when))
