"""Work that keeps the hub itself in order. Each job is harmless to run twice."""

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from hub.core.pending_rewrites import PendingRewrite
from hub.operations.stock_digest import StockDigest
from volunteers.shared.registries import sealed
from volunteers.shared.registries.retention import Every, delete_overdue


@app.periodic(cron="17 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="delete_hourly", lock="delete_hourly")  # type: ignore[untyped-decorator]
def delete_hourly(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Delete what the retention registry says goes every hour."""
    delete_overdue(Every.HOUR)


@app.periodic(cron="37 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="seal_anew", lock="seal_anew")  # type: ignore[untyped-decorator]
def seal_anew(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Seal anew what an earlier key sealed, so that it can be taken out of the settings."""
    if settings.SECRET_KEY_FALLBACKS:
        sealed.seal_anew()


@app.periodic(cron="23 6 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="delete_daily", lock="delete_daily")  # type: ignore[untyped-decorator]
def delete_daily(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Delete what the retention registry says goes every day: after 06:00, when the evening is over.

    Then no table is to tell when its rows were written, or which were deleted.
    """
    try:
        delete_overdue(Every.DAY)
    finally:
        PendingRewrite.objects.run_all()


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
def send_stock_digest(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Once a day: the week's letter about the shelf, if it is due. What it tells stands on Today anyway."""
    StockDigest.objects.send_if_due()
