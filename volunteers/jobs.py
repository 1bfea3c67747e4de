"""Work for people that happens outside a request. Arguments are ids; finished jobs are deleted."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from volunteers.models import Letter

# A minute longer after each failure: ninety tries are about three days.
KEEP_TRYING = RetryStrategy(max_attempts=90, wait=60, linear_wait=60)


@app.task(retry=KEEP_TRYING)  # type: ignore[untyped-decorator]
def send_letter(letter: str) -> None:
    """Send one letter; one already sent is no longer there."""
    for waiting in Letter.objects.filter(pk=letter):
        waiting.send()
