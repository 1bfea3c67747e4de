"""What the School asks a person: whether they take a place that is held for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from school.models.courses import Module
from school.models.enrolments import Enrolment
from volunteers.models.asks import say_until
from volunteers.shared.clock import format_day_and_time
from volunteers.shared.registries import asking
from volunteers.shared.registries.asking import Ask, as_row, read_moment

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet


def find_held_places(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the places that are held for the person of the query around."""
    held = Enrolment.objects.filter(
        person=OuterRef("pk"), state="offered", held_until__gt=now, session__state="announced"
    )
    titles = Module.objects.filter(sessions=OuterRef("session")).order_by("order", "pk").values("title")
    return held.order_by("held_until", "pk").values(
        row=as_row(
            session="session",
            until="held_until",
            starts="session__starts_at",
            title="session__title",
            place="session__place",
            modules=ArraySubquery(titles),
        )
    )


def read_held_place(row: dict[str, Any]) -> Ask:
    """Say in which session a place is held, and until when."""
    what = ", ".join(filter(None, [row["title"] or ", ".join(row["modules"]), row["place"]]))
    facts = {"what": what, "moment": format_day_and_time(read_moment(row["starts"]))}
    return Ask(
        _("We hold a School place for you"),
        _("%(what)s: %(moment)s.") % facts,
        say_until(row["until"]),
        reverse("school:session", args=[row["session"]]),
        _("Look at it"),
    )


asking.register("held", find_held_places, read_held_place)
