"""Work of supplies that happens by itself. Harmless to run twice, and nothing waits for it."""

from procrastinate.contrib.django import app

from supplies.models import Count


@app.periodic(cron="20 4 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="forget_figures", lock="forget_figures")  # type: ignore[untyped-decorator]
def forget_figures(timestamp: int) -> None:  # noqa: ARG001 -- the timetable passes it
    """Of counts left lying for a fortnight, keep only by how much the books were out."""
    Count.objects.forget_figures()
