"""The job of the months. It is harmless to run twice."""

from procrastinate.contrib.django import app

from hub.months.models import Month


@app.periodic(cron="23 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="complete_months", lock="complete_months")  # type: ignore[untyped-decorator]
def complete_months(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: complete the months that ended 30 days ago."""
    Month.complete_overdue()
