"""Work of the months that happens by itself. Harmless to run twice."""

from procrastinate.contrib.django import app

from hub.months.models import Month


@app.periodic(cron="23 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="seal", lock="seal")  # type: ignore[untyped-decorator]
def seal(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: complete the months that ended 30 days ago."""
    Month.seal_overdue()
