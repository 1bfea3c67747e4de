"""The demo's desk: what the last shift left, and a question somebody wants answered for a while."""

from __future__ import annotations

import datetime as dt

from hub.desk.models.handovers import Handover
from hub.desk.models.openings import Opening
from hub.desk.models.questions import Question


def add_desk(today: dt.date) -> None:
    """A note from the last evening that was held, and one question turned on."""
    last = Opening.objects.exclude(state__in=Opening.NOT_HELD).filter(date__lt=today).order_by("date").last()
    if last is not None:
        Handover.objects.write(
            last,
            note="Quiet until eight, then everybody at once. The kettle is dead; the spare one is under the sink.",
            to_order="Foil, and sharps bins for the desk",
        )
    Question.objects.create(
        slug="first",
        asked_by="We ourselves",
        purpose="Whether the new leaflet in the hostels reaches anybody",
        until=today + dt.timedelta(days=60),
    )
