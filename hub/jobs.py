"""Work of the hub that happens by itself. Each is harmless to run twice, and is also done when somebody needs it."""

from procrastinate.contrib.django import app

from hub.models import Opening, SeenVisit, Visit


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="fold", lock="fold")  # type: ignore[untyped-decorator]
def fold(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Fold every desk nobody closed by 06:00, forget old ids, and empty the visit tables for good."""
    Opening.objects.fold_overdue()
    SeenVisit.objects.forget_old()
    Visit.objects.sweep()
