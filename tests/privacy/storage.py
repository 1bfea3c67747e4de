"""What somebody holds who got hold of the whole database server: system columns, statistics, and its files."""

import struct
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection

from hub.core import embedded_postgres
from tests.flush_db import JOB_TABLES

PAGE = 8192
HINTS = 0x0F00
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


@dataclass(frozen=True)
class RawRow:
    """A row as it lies in a file, dead or alive: who wrote and locked it, whether it stands for itself, and its bytes.

    Left out is what PostgreSQL notes down whenever somebody reads it.
    """

    xmin: int
    xmax: int
    by_itself: bool
    content: bytes


def data_folder():
    """The folder of the server's files, all written to the disk."""
    here = embedded_postgres.server()
    if not embedded_postgres.installed() or connection.settings_dict["HOST"] != str(here.socket):
        pytest.skip("the files of another server are not ours to read")
    ask_nothing("CHECKPOINT")
    return here.cluster


def ask_nothing(statement):
    """Have the server do something that has no answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def raw_rows(table):
    """Every row in a table's file, in the order of the file, dead ones too; and that nothing else is in it."""
    ((path,),) = ask("SELECT pg_relation_filepath(%s)", table)
    rows, content = [], (data_folder() / path).read_bytes()
    for number in range(0, len(content), PAGE):
        page = content[number : number + PAGE]
        lower, upper = struct.unpack_from("<HH", page, 12)
        assert not any(page[lower:upper]), f"{table} has something beside its rows"
        for place, pointer in enumerate(struct.unpack_from(f"<{(lower - 24) // 4}I", page, 24), start=1):
            start, length = pointer & 0x7FFF, pointer >> 17
            xmin, xmax, _command, *ctid, columns, flags, header = struct.unpack_from("<IIIHHHHHB", page, start)
            content_of_row = struct.pack("<HHB", columns, flags & ~HINTS, header) + page[start + 23 : start + length]
            rows.append(RawRow(xmin, xmax, ctid == [0, number // PAGE, place], content_of_row))
    return rows


def files_with(needle):
    """What the files are of that hold these bytes: tables, indexes, and PostgreSQL's own."""
    ((folder,),) = ask("SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()")
    names = dict(ask("SELECT pg_relation_filenode(oid)::text, relname FROM pg_class WHERE relfilenode > 0"))
    found = [path for path in (data_folder() / folder).iterdir() if needle in path.read_bytes()]
    return {names.get(path.name.partition("_")[0], path.name) for path in found}


def random_ids():
    """The bytes of every random id that any table holds."""
    columns = ask(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND data_type = 'uuid'"
    )
    return {
        value.bytes
        for table, column in columns
        for (value,) in ask(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608 -- our own names
    }
