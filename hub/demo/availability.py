"""The demo's availability: next month's rota as drafts, and when most people can come."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db.models import Max
from django.utils import timezone

from volunteers.models import Availability, Pattern, RotaPeriod, Shift, User, WantedShifts

WEEKS = 3
SILENT = 2  # people who have not answered yet
ANSWERS = ("yes", "yes", "if_needed", "no", "no")


def add_availability(random: Random, today: dt.date, coordinator: User) -> None:
    """Some more weeks of drafts, a period over all of them, and what people said. `volunteer` has not answered."""
    last = Shift.objects.aggregate(last=Max("starts_at"))["last"]
    after = timezone.localdate(last) + dt.timedelta(days=1) if last else today
    for pattern in Pattern.objects.order_by("pk"):
        pattern.make(after, after + dt.timedelta(weeks=WEEKS), by=coordinator)
    drafts = list(Shift.objects.filter(state=Shift.State.DRAFT, starts_at__gt=timezone.now()).order_by("starts_at"))
    if drafts:
        period = RotaPeriod.objects.create(
            first_day=drafts[0].day, last_day=drafts[-1].day, answer_by=drafts[0].day - dt.timedelta(days=7)
        )
        _add_answers(random, period, drafts)


def _add_answers(random: Random, period: RotaPeriod, drafts: list[Shift]) -> None:
    people = list(period.people().exclude(username="volunteer").order_by("username"))[SILENT:]
    Availability.objects.bulk_create(
        Availability(person=person, shift=shift, answer=random.choice(ANSWERS)) for person in people for shift in drafts
    )
    WantedShifts.objects.bulk_create(
        WantedShifts(person=person, period=period, wanted=random.randint(2, 5)) for person in people[::2]
    )
