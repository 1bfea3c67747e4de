"""What somebody holds who got hold of the whole database server: system columns, statistics, and its files."""

from contextlib import contextmanager

import psycopg
from django.db import connection

from tests.flush_db import JOB_TABLES

# The queue's own tables tick by the clock, and the evening is in none of them; the last is Django's own list.
BESIDE = {*JOB_TABLES, "django_migrations"}


def ask(statement, *about):
    """The rows of an answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement, about)
        return cursor.fetchall()


def our_tables():
    """Every table of the hub's, whatever model made it."""
    return sorted({name for (name,) in ask("SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = current_schema()::regnamespace")} - BESIDE)  # fmt: skip


def moment():
    """A transaction's number: what was written before it is smaller."""
    ((number,),) = ask("SELECT pg_current_xact_id()::text::bigint")
    return number


def tell_apart(start):
    """The tables whose rows know of several transactions since a moment, with how many rows each has.

    Of those that wrote a row (`xmin`) one is enough to hide behind; none may have locked a row (`xmax`) and be known.
    """
    told = {}
    for table in our_tables():
        written, locked = (_count(table, column, start) for column in ("xmin", "xmax"))
        if locked or len(written) > 1:
            told[table] = {"written": written, "locked": locked}
    return told


def _count(table, column, start):
    found = ask(f"SELECT {column}::text::bigint, count(*) FROM {table} GROUP BY 1")  # noqa: S608 -- our own names
    return {number: rows for number, rows in found if number > start}


@contextmanager
def another_connection():
    """Somebody else's, in a transaction of its own until the end."""
    params = connection.get_connection_params()
    reach = {name: params[name] for name in ("host", "port", "user", "password", "dbname") if params.get(name)}
    with psycopg.connect(**reach) as other:
        yield other
        other.rollback()
