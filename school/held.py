"""What the School holds of one person, in plain words, for them to read and take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from school.models import Cohort, Completion, Enrolment, Outcome, Proposal, Session
from volunteers.models import User

COVERS = (
    "school.Enrolment.person",
    "school.Outcome.person",
    "school.Completion.person",
    "school.Cohort_members.user",
    "school.Session_facilitators.user",
    "school.Proposal.person",
)
"""Columns of the School that point at a person, all told of below."""


def lines(person: User) -> Iterator[tuple[str, str]]:
    """Label and value: places, what they did and how we know, what it gave them, their groups and offers.

    One statement, since the page it stands on has many other things to ask.
    """
    held = _all_of(person)
    for row in held["places"]:
        said = f"{_day(row['at'])}: {Enrolment.State(row['state']).label}"
        yield _("A session"), f"{said} ({row['why']})" if row["why"] else said
    for row in held["outcomes"]:
        how = row["note"] or str(Outcome.How(row["how"]).label)
        yield row["module"], f"{row[row['state']]}, {_day(row['on'])} ({how})"
    for row in held["completions"]:
        yield _("Completed"), f"{row['what']}, {_day(row['on'])}"
    for row in held["cohorts"]:
        yield _("A group you are in"), row["name"]
    for row in held["gives"]:
        yield _("A session you give"), _day(row["at"])
    for row in held["proposals"]:
        said = f"{row['title']}: {Proposal.State(row['state']).label}. {row['about']}"
        yield _("A session you offered"), f"{said} {row['answer']}".strip()


def deeds(person: User) -> list[tuple[str, QuerySet[Any]]]:
    """What they did for others here, to be counted; it stays when they leave, without their name."""
    return [
        (_("Outcomes you said of others"), Outcome.objects.filter(said_by=person)),
        (_("Offers of others you picked up"), Proposal.objects.filter(picked_up_by=person)),
    ]


def _all_of(person: User) -> dict[str, list[dict[str, str]]]:
    me = OuterRef("pk")
    course = "module__course__says_"
    parts: dict[str, tuple[QuerySet[Any], dict[str, Any]]] = {
        "places": (
            Enrolment.objects.filter(person=me).order_by("session__starts_at"),
            {"at": F("session__starts_at"), "state": F("state"), "why": F("out_of_turn")},
        ),
        "outcomes": (
            Outcome.objects.filter(person=me).order_by("module__order"),
            {"module": F("module__title"), "state": F("state"), "on": F("said_on"), "how": F("how"), "note": F("note")}
            | {state: F(f"{course}{state}") for state in ("done", "together", "not_yet")},
        ),
        "completions": (
            Completion.objects.filter(person=me).order_by("completed_on"),
            {"what": Coalesce("course__name", "module__title"), "on": F("completed_on")},
        ),
        "cohorts": (Cohort.objects.filter(members=me), {"name": F("name")}),
        "gives": (Session.objects.filter(facilitators=me).order_by("starts_at"), {"at": F("starts_at")}),
        "proposals": (
            Proposal.objects.filter(person=me),
            {name: F(name) for name in ("title", "about", "state", "answer")},
        ),
    }
    found = User.objects.filter(pk=person.pk).values(
        **{f"the_{name}": ArraySubquery(rows.values(row=JSONObject(**about))) for name, (rows, about) in parts.items()}
    )
    return {name.removeprefix("the_"): rows for name, rows in found.get().items()}


def _day(when: str) -> str:
    """A day, or a day and an hour, as PostgreSQL writes them in JSON."""
    if "T" not in when:
        return date_format(dt.date.fromisoformat(when), "j F Y")
    return date_format(timezone.localtime(dt.datetime.fromisoformat(when)), "j F Y, H:i")
