"""Work of the desk that happens by itself. Harmless to run twice, and also done when somebody needs it."""

from procrastinate.contrib.django import app

from hub.desk.models.openings import Opening
from hub.desk.models.public_stock import Picture
from hub.desk.models.visits import Visit
from volunteers.shared.registries import row_order
from volunteers.shared.registries.retention import Every, delete_overdue


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="fold", lock="fold")  # type: ignore[untyped-decorator]
def fold(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Fold every desk nobody closed by 06:00, delete old random ids, and empty the visit tables for good."""
    Opening.objects.fold_overdue()
    delete_overdue(Every.TEN_MINUTES)
    Visit.objects.sweep()
    row_order.rewrite_in_key_order()


@app.periodic(cron="23 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="take_picture", lock="take_picture")  # type: ignore[untyped-decorator]
def take_picture(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: the front page gets its list of what is on the shelf."""
    Picture.take()
