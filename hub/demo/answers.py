"""The demo's answers: next month's rota as drafts, most people asked have said when they can; and hours of before."""

from __future__ import annotations

import datetime as dt
from random import Random

from dateutil.relativedelta import relativedelta
from django.db.models import Max
from django.utils import timezone

from volunteers.models import Availability, Hours, Pattern, Period, Shift, User, Wish
from volunteers.models.hours import quarter_of

WEEKS = 3
SILENT = 2  # people who have not answered yet
ANSWERS = ("yes", "yes", "if_needed", "no", "no")


def lay_out(random: Random, today: dt.date, coordinator: User) -> None:
    """Some more weeks of drafts, a period over all of them, and what people said. `volunteer` has not answered."""
    last = Shift.objects.aggregate(last=Max("starts_at"))["last"]
    after = timezone.localdate(last) + dt.timedelta(days=1) if last else today
    for pattern in Pattern.objects.order_by("pk"):
        pattern.make(after, after + dt.timedelta(weeks=WEEKS), by=coordinator)
    drafts = list(Shift.objects.filter(state=Shift.State.DRAFT, starts_at__gt=timezone.now()).order_by("starts_at"))
    if drafts:
        period = Period.objects.create(
            first_day=drafts[0].day, last_day=drafts[-1].day, answer_by=drafts[0].day - dt.timedelta(days=7)
        )
        _answers(random, period, drafts)
    _hours(random, today)


def _answers(random: Random, period: Period, drafts: list[Shift]) -> None:
    people = list(period.people().exclude(username="volunteer").order_by("username"))[SILENT:]
    Availability.objects.bulk_create(
        Availability(person=person, shift=shift, answer=random.choice(ANSWERS)) for person in people for shift in drafts
    )
    Wish.objects.bulk_create(Wish(person=person, period=period, wanted=random.randint(2, 5)) for person in people[::2])


def _hours(random: Random, today: dt.date) -> None:
    """Three quarters before the sign-ups that are still there."""
    before = quarter_of(today)
    quarters = [before - relativedelta(months=3 * number) for number in (1, 2, 3)]
    people = User.objects.active().filter(holdings__qualification__slug="school-done").order_by("username")
    Hours.objects.bulk_create(
        Hours(
            person=person,
            quarter=quarter,
            shifts=(shifts := random.randint(2, 9)),
            minutes=180 * shifts,
            last_month=quarter + relativedelta(months=random.randint(0, 2)),
        )
        for person in people
        for quarter in quarters
    )
