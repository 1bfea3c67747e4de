"""Work of the hub that happens by itself. Each is harmless to run twice, and is also done when somebody needs it."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from hub.core import change_history, row_order
from hub.models import (
    Draft,
    Handover,
    Idea,
    Incident,
    Month,
    Notice,
    Opening,
    SeenTap,
    SeenVisit,
    StockDigest,
    Translation,
)
from hub.people.inactivity import ask_the_quiet, erase_the_silent
from supplies.models import SeenShortfall


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="fold", lock="fold")  # type: ignore[untyped-decorator]
def fold(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Fold every desk nobody closed by 06:00, forget old ids, and empty the visit tables for good."""
    Opening.objects.aggregate_overdue()
    SeenVisit.objects.forget_old()
    Handover.objects.forget_old()
    SeenTap.objects.forget_old()
    Opening.objects.truncate_visits()
    row_order.forget_arrivals()


@app.periodic(cron="23 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="seal", lock="seal")  # type: ignore[untyped-decorator]
def seal(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: complete the months that ended 30 days ago; forget old incidents, and ideas settled long ago.

    And the front page: what it said of evenings that are over goes, and it gets its picture of the shelf.
    """
    Month.complete_overdue()
    Incident.objects.forget_old()
    Idea.objects.forget_old()
    Translation.objects.forget_orphans()
    Notice.objects.forget_old()
    Opening.objects.update_public_stock()


@app.periodic(cron="41 5 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="stay", lock="stay")  # type: ignore[untyped-decorator]
def stay(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: ask who has been quiet for a year, erase who has not said they stay, forget who changed what."""
    ask_the_quiet()
    erase_the_silent()
    change_history.forget_old()


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="pick_up", pass_context=True)  # type: ignore[untyped-decorator]
async def pick_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Put back what a killed worker left half done: it would wait for ever, and so would all that waits for its lock.

    Where the same work is waiting again already, the half-done one is dropped.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        waiting = job.queueing_lock and await jobs.list_jobs_async(queueing_lock=job.queueing_lock, status="todo")
        if waiting:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
        else:
            await jobs.retry_job(job, retry_at=timezone.now())


@app.periodic(cron="53 8 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="stock_digest", lock="stock_digest")  # type: ignore[untyped-decorator]
def stock_digest(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: the week's letter about the shelf, if it is due. What it tells stands on Today anyway."""
    StockDigest.objects.send_if_due()
    SeenShortfall.objects.forget_old(timezone.localdate())


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="make_draft", lock="make_draft")  # type: ignore[untyped-decorator]
def make_drafts(timestamp: int = 0) -> None:  # noqa: ARG001 -- the timetable passes it
    """Put every report that waits through the gate, one after the other. What is published meanwhile is seen.

    Asked for when somebody begins one, and looked for every minute: where the database went away in the middle, the
    job has failed and is gone, and the report would wait for ever.
    """
    while draft := Draft.objects.filter(made_from="").order_by("pk").first():
        draft.make()
