"""Jobs of the desk. Each is harmless to run twice, and also done when somebody needs it."""

from procrastinate.contrib.django import app

from hub.desk.models.openings import Opening
from volunteers.shared import locality
from volunteers.shared.registries.retention import Every, delete_overdue


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="aggregate_visits", lock="aggregate_visits")  # type: ignore[untyped-decorator]
def aggregate_visits(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Aggregate the visits of desks nobody closed by 06:00, delete old random ids, and empty the visit tables."""
    # The hub may have moved its clock since this worker began: 06:00 is 06:00 there.
    locality.current()
    Opening.objects.aggregate_overdue()
    delete_overdue(Every.TEN_MINUTES)
    Opening.objects.truncate_visits()


@app.periodic(cron="*/3 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="rewrite_tables", lock="rewrite_tables")  # type: ignore[untyped-decorator]
def rewrite_tables(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Try again to write the tables of closed evenings anew, and those that somebody wrote to since."""
    Opening.objects.rewrite_tables()


@app.periodic(cron="23 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="update_public_stock", lock="update_public_stock")  # type: ignore[untyped-decorator]
def update_public_stock(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: list on the public pages what is in stock."""
    Opening.objects.update_public_stock()
