"""Work about people that happens by itself. Harmless to run twice."""

from procrastinate.contrib.django import app

from hub.people.inactivity import ask_inactive_people, erase_silent_people


@app.periodic(cron="41 5 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="stay", lock="stay")  # type: ignore[untyped-decorator]
def ask_or_erase_inactive_people(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Ask people who have been quiet for a year, and erase those who do not answer. Runs once a day."""
    ask_inactive_people()
    erase_silent_people()
