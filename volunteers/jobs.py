"""Work for people that happens outside a request. Arguments are ids; finished jobs are deleted."""

import datetime as dt
import threading
import uuid
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.exceptions import ConnectorException

from volunteers.models import Letter, Offer, Period, Proposal, Shift, Signup

# A minute longer after each failure: ninety tries are about three days.
KEEP_TRYING = RetryStrategy(max_attempts=90, wait=60, linear_wait=60)
# A database that goes away in the middle fails the job, and would leave what it was at half done for ever.
WHEN_IT_IS_BACK = RetryStrategy(
    max_attempts=30, wait=10, linear_wait=10, retry_exceptions={OperationalError, InterfaceError, ConnectorException}
)
# A worker says every ten seconds that it lives.
SILENCE = dt.timedelta(seconds=60)


@app.task(retry=KEEP_TRYING)  # type: ignore[untyped-decorator]
def send_letter(letter: str) -> None:
    """Send one letter; one already sent is no longer there."""
    for waiting in Letter.objects.filter(pk=letter):
        waiting.send()


@app.periodic(cron="17 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.send_waiting")  # type: ignore[untyped-decorator]
def send_waiting(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every hour: what is left of letters leaves."""
    Letter.objects.send_waiting()


@app.task(retry=KEEP_TRYING)  # type: ignore[untyped-decorator]
def spread_offer(offer: int) -> None:
    """Write to everybody who could take an offered place; one that is gone by now is nobody's business."""
    for open_offer in Offer.objects.open(timezone.now()).with_shifts().filter(pk=offer, to=None):
        open_offer.spread()


@app.task(retry=KEEP_TRYING)  # type: ignore[untyped-decorator]
def ask_for_answers(period: int) -> None:
    """Write to everybody who has not said yet when they can."""
    for open_period in Period.objects.open().filter(pk=period):
        open_period.ask_the_silent()


@app.task(retry=WHEN_IT_IS_BACK)  # type: ignore[untyped-decorator]
def fill_rota(proposal: str) -> None:
    """Work out a proposal; one that was given up meanwhile is nobody's business."""
    for waiting in Proposal.objects.select_related("period").filter(pk=proposal):
        waiting.work_out()


@app.periodic(cron="23 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.remind")  # type: ignore[untyped-decorator]
def remind(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every hour: whoever is on a shift that is near hears of it, once."""
    Signup.objects.remind(timezone.now())


@app.periodic(cron="7 9 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="volunteers.tell_of_gaps")  # type: ignore[untyped-decorator]
def tell_of_gaps(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes it by name
    """Every morning: those who plan hear if a shift of the coming week lacks somebody."""
    Shift.objects.all().tell_of_gaps(timezone.now())


def a_worker_lives() -> bool:
    """Whether some worker has said so within the last minute."""
    return bool(ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - SILENCE).exists())


class Post(NamedTuple):
    """How letters get out: whether a worker lives, and since which day the oldest of them has been waiting."""

    worker_lives: bool
    waiting_since: dt.date | None


def how_the_post_goes() -> Post:
    """Both in one statement: the page that asks has none to spare."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat >= statement_timestamp() - make_interval(secs => %s)),"
            " (SELECT min(unsent_since) FROM volunteers_letter)",
            [SILENCE.total_seconds()],
        )
        return Post(*cursor.fetchone())


def send_without_worker(letter: uuid.UUID) -> None:
    """Send a letter from this process if no worker lives to do it; what fails is left to the job.

    In a thread of its own: a mail server that is slow must not hold up the page, and the time a page takes must
    not tell whether there was anybody to write to.
    """
    if not a_worker_lives():
        threading.Thread(target=_send, args=[letter], name=f"letter {letter}").start()


def _send(letter: uuid.UUID) -> None:
    try:
        for waiting in Letter.objects.filter(pk=letter):
            waiting.try_to_send()
    finally:
        connection.close()
