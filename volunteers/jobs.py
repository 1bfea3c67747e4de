"""The timetable of this app. A job for one letter, offer, period or proposal stands beside its model.

Arguments of jobs are ids; finished jobs are deleted.
"""

from django.utils import timezone
from procrastinate.contrib.django import app

from volunteers.models import Letter, Shift, Signup


@app.periodic(cron="17 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.send_waiting")  # type: ignore[untyped-decorator]
def send_waiting(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every hour: send the letters that are left."""
    Letter.objects.send_waiting()


@app.periodic(cron="23 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.remind")  # type: ignore[untyped-decorator]
def remind(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every hour: remind the people on shifts that are near, each once."""
    Signup.objects.remind(timezone.now())


@app.periodic(cron="7 9 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.tell_of_gaps")  # type: ignore[untyped-decorator]
def tell_of_gaps(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every morning: tell the planners if a shift of the coming week lacks something."""
    Shift.objects.all().tell_of_gaps(timezone.now())
