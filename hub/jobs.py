"""Work of the hub that happens by itself. Each is harmless to run twice, and is also done when somebody needs it."""

from procrastinate.contrib.django import app

from hub.models import Incident, Month, Opening, SeenVisit, Visit, order


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="fold", lock="fold")  # type: ignore[untyped-decorator]
def fold(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Fold every desk nobody closed by 06:00, forget old ids, and empty the visit tables for good."""
    Opening.objects.fold_overdue()
    SeenVisit.objects.forget_old()
    Visit.objects.sweep()
    order.forget_arrivals()


@app.periodic(cron="23 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="seal", lock="seal")  # type: ignore[untyped-decorator]
def seal(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: complete the months that ended 30 days ago, and forget incidents that are 90 days old."""
    Month.seal_overdue()
    Incident.objects.forget_old()
