"""Work of the reports that happens in the worker: the gate takes up to two minutes."""

from procrastinate.contrib.django import app

from hub.reports.models.drafts import MAKE_DRAFTS, Draft


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(name=MAKE_DRAFTS, queueing_lock=MAKE_DRAFTS, lock=MAKE_DRAFTS)  # type: ignore[untyped-decorator]
def make_drafts(timestamp: int = 0) -> None:  # noqa: ARG001 -- the timetable passes it
    """Put every report that waits through the gate, one after the other. What is published meanwhile is seen.

    Deferred when somebody begins one, and looked for every minute: where the database went away in the middle, the
    job has failed and is gone, and the report would wait for ever.
    """
    while draft := Draft.objects.filter(made_from="").order_by("pk").first():
        draft.make()
