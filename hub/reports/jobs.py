"""Job that makes drafts in the worker, as the gate takes up to two minutes."""

from procrastinate.contrib.django import app

from hub.reports.models.drafts import MAKE_DRAFTS, Draft


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(name=MAKE_DRAFTS, queueing_lock=MAKE_DRAFTS, lock=MAKE_DRAFTS)  # type: ignore[untyped-decorator]
def make_drafts(timestamp: int = 0) -> None:  # noqa: ARG001 -- the timetable passes it
    """Make every waiting draft, one after the other, each beside all editions published by then.

    Deferred when a draft begins, and also run every minute. A job that lost the database has failed for good, and its
    draft would wait for ever.
    """
    while draft := Draft.objects.filter(made_from="").order_by("pk").first():
        draft.make()
