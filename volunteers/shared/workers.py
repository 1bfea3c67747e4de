"""Background work: how long a failed job is tried again, and whether a worker is there to do it."""

import datetime as dt

from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now
from procrastinate import RetryStrategy
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.exceptions import ConnectorException

# A minute longer after each failure: ninety tries are about three days.
RETRY_FOR_DAYS = RetryStrategy(max_attempts=90, wait=60, linear_wait=60)
# A database that goes away in the middle fails the job, and would leave its work half done for ever.
RETRY_AFTER_DATABASE = RetryStrategy(
    max_attempts=30, wait=10, linear_wait=10, retry_exceptions={OperationalError, InterfaceError, ConnectorException}
)
# A worker writes its heartbeat every ten seconds.
HEARTBEAT_TIMEOUT = dt.timedelta(seconds=60)


def worker_is_alive() -> bool:
    """Whether some worker has written its heartbeat within the last minute."""
    return bool(ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - HEARTBEAT_TIMEOUT).exists())
