"""Two people doing something in the same moment, each with a connection of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

from django.db import connection

from tests.wait_for_server import PATIENCE


def at_once(*doings):
    """What each returned or raised, in their order; all start together."""
    start = Barrier(len(doings))

    def go(doing):
        try:
            start.wait()
            return doing()
        except Exception as problem:  # noqa: BLE001 -- the problem is the answer
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(go, doings))


def wait_for_the_post():
    """Without a worker letters leave in threads of their own: until the last of them has."""
    for thread in threading.enumerate():
        if thread.name.startswith("letter "):
            thread.join(PATIENCE)
            assert not thread.is_alive(), f"{thread.name} is still on its way"


class Meanwhile:
    """Somebody else does this while our transaction is open: it ends at once, or waits until ours has ended."""

    def __init__(self, doing):
        self._answers = []
        self._other = Thread(target=lambda: self._answers.extend(at_once(doing)))
        self._other.start()
        while self._other.is_alive() and not somebody_waits():
            self._other.join(0.01)

    @property
    def answer(self):
        """What it returned or raised."""
        self._other.join()
        return self._answers[0]


def somebody_waits():
    """Whether anybody waits for a lock in this database: other processes of the tests have theirs on this server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks"
            " JOIN pg_database ON oid = database WHERE datname = current_database())"
        )
        return cursor.fetchone()[0] > 0
