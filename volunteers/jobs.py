"""The timetable of this app. A job for one letter, offer, period or proposal stands beside its model.

Arguments of jobs are ids; finished jobs are deleted.
"""

from importlib import import_module

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from volunteers.models import Hours, Invitation, Letter, Offer, Period, Shift, Signup, User


@app.periodic(cron="17 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.tidy")  # type: ignore[untyped-decorator]
def tidy(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every hour: send the letters that are left, and delete what has run out."""
    Letter.objects.send_waiting()
    clear_expired()
    forget_in_time()


@app.periodic(cron="23 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.remind")  # type: ignore[untyped-decorator]
def remind(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every hour: remind the people on shifts that are near, each once."""
    Signup.objects.remind(timezone.now())


@app.periodic(cron="7 9 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.tell_of_gaps")  # type: ignore[untyped-decorator]
def tell_of_gaps(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every morning: tell the planners if a shift of the coming week lacks something."""
    Shift.objects.all().tell_of_gaps(timezone.now())


def clear_expired() -> None:
    """Delete what ran out: sessions, invitations, offers, breaks, and letters nobody could deliver in a week."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    Invitation.objects.expired().delete()
    Letter.objects.undeliverable().delete()
    Offer.objects.run_out(timezone.now()).delete()
    User.objects.filter(on_break_until__lte=timezone.localdate()).update(on_break_until=None)


def forget_in_time() -> None:
    """Keep to the retention of data about people: sign-ups become hours, and past answers are deleted."""
    Period.objects.close_past()
    Hours.objects.fold_old(timezone.now())
