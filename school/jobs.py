"""Work of the School that happens by itself. Each is harmless to run twice, and is also done when somebody needs it.

A waiting list moves before anybody takes a place, and every page shows it as it would have moved; links are refused
once they have run out; a grant counts until its day and no longer; and whoever comes to the School's pages sees what
a reminder would have told them. So a worker that is dead delays letters and tidying, and nothing else.
"""

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from school.models import Completion, Enrolment, Feedback
from school.models.enrolment_queryset import REMINDER_LEAD_TIME

EXPIRY_NOTICE = dt.timedelta(days=60)
"""The time before a grant ends when its person is told."""


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="school.places", lock="school.places")  # type: ignore[untyped-decorator]
def move_waiting_lists(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Every waiting list moves: offers that ran out pass on, free places are offered."""
    Enrolment.objects.move_all_waiting_lists(timezone.now())


@app.periodic(cron="27 8-21 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="school.reminders", lock="school.reminders")  # type: ignore[untyped-decorator]
def send_reminders(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """By day: people are reminded once of a session that is near, and once of a grant that runs out."""
    now = timezone.now()
    Enrolment.objects.send_reminders(now, REMINDER_LEAD_TIME)
    Completion.objects.send_reminders(timezone.localdate(now), EXPIRY_NOTICE)


@app.periodic(cron="41 5 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="school.catch_up", lock="school.catch_up")  # type: ignore[untyped-decorator]
def catch_up(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Every morning: who is owed a grant gets it, where a word for it has ended; feedback is added up once closed."""
    Completion.objects.recalculate_ungranted(timezone.now())
    Feedback.objects.keep_pools(timezone.now())
