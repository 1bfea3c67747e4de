"""Takes away what a test committed, in a tenth of the time Django's own flush needs.

The flush cuts every table short, of which each is several files, and then makes all content types and permissions anew.
Here rows are deleted while triggers and references look away, and what `migrate` brought stays. Where a test changed
that, or the role may not look away, it is Django's flush after all.
"""

from functools import cache

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from psycopg.errors import DeadlockDetected

# What Django and the roles' table bring with every `migrate`.
BROUGHT = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions")
JOB_TABLES = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")
KEPT = ("django_migrations", *BROUGHT)
TIMES = 5

flush = TransactionTestCase._fixture_teardown  # noqa: SLF001 -- what a test case of pytest-django's calls
_brought = []


def empty(case):
    """Stands in for the flush of a test case."""
    try:
        if _brought == [brought()] and may_look_away():
            take_away(everything_away())
            return
        flush(case)
        without_jobs()
        _brought[:] = [brought()]
    finally:
        connection.close()  # Django closes it too, but not after a failure, and the next test would get what is left


def take_away(statements):
    """All or nothing. A server still at a page may hold what we wait for while it waits for us: then once more."""
    for time in range(TIMES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statements)
        except OperationalError as problem:
            if not isinstance(problem.__cause__, DeadlockDetected) or time == TIMES - 1:
                raise
        else:
            return


def without_jobs():
    """What a flush leaves: Django does not manage the jobs' tables."""
    with connection.cursor() as cursor:
        for table in JOB_TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of our own


def brought():
    """What `migrate` brought, as one number a table."""
    sums = ", ".join(f"(SELECT sum(hashtext(row::text)) FROM {table} row)" for table in BROUGHT)  # noqa: S608 -- as above
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sums}")
        return cursor.fetchone()


@cache
def may_look_away():
    """Whether this role may do without triggers and references."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()[0]


@cache
def everything_away():
    """The statements. They wait, as the flush does, for whatever a server is still at."""
    names = [connection.ops.quote_name(name) for name in connection.introspection.table_names() if name not in KEPT]
    lock = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"
    delete = [f"DELETE FROM {name}" for name in names]  # noqa: S608 -- as above
    return "; ".join(["SET LOCAL session_replication_role = replica", lock, *delete])
