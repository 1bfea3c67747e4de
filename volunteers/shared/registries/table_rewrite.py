"""Writing tables anew, so that neither their files nor their system columns tell which rows were written together.

PostgreSQL keeps beside each row the transaction that wrote it (`xmin`) and the last that locked it (`xmax`): rows of
one transaction belong together, and transactions have an order. Its files keep rows in the order of their writing, and
deleted ones until the file is written anew. `CLUSTER` and `VACUUM` cure the files alone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

MOMENT = 0.02
IS_CLEAN = "count(DISTINCT written) <= 1 AND count(locked) = 0"
MARKS = "SELECT xmin::text AS written, nullif(xmax::text, '0') AS locked"
_RUNNING = "(SELECT transactionid FROM pg_locks WHERE locktype = 'transactionid' AND granted)"
MARKS_SETTLED = (
    f"SELECT CASE WHEN xmin NOT IN {_RUNNING} THEN xmin::text END AS written,"
    f" CASE WHEN xmax::text <> '0' AND xmax NOT IN {_RUNNING} THEN xmax::text END AS locked"
)


@dataclass(frozen=True)
class Patience:
    """How long a rewrite waits for others: who closes a desk waits for the answer."""

    lock_timeout: str
    moments: int


PATIENT, HASTY = Patience("200ms", 10), Patience("20ms", 0)


@dataclass(frozen=True)
class TableRewrite:
    """A table, and the key in whose order it is written anew: its primary key, or the columns that `index` is on."""

    table: str
    column: str
    index: str = ""

    def is_clean(self, *, settled: bool = False) -> bool:
        """Whether one transaction wrote all its rows, and none has locked one since.

        `settled` passes over what transactions did that have not ended yet.
        """
        return bool(_ask(f"SELECT {IS_CLEAN} FROM ({MARKS_SETTLED if settled else MARKS} FROM {self.table}) AS rows"))  # noqa: S608 -- names of our own

    def is_big(self, rows: int) -> bool:
        """Whether it has more rows than this, as far as PostgreSQL knows without counting."""
        return bool(_ask("SELECT reltuples > %s FROM pg_class WHERE oid = %s::regclass", rows, self.table))

    def has_file(self) -> bool:
        """Whether anything was written to it since it was last empty and written anew."""
        return bool(_ask("SELECT pg_relation_size(%s::regclass) > 0", self.table))

    def stamp_rows(self) -> None:
        """Write each row again as it is. No rule of ours is asked: nothing changes, and no history begins."""
        has_rules = _ask(
            "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal)", self.table
        )
        with connection.cursor() as cursor:
            if has_rules:
                cursor.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {self.table} SET {self.column} = {self.column}")  # noqa: S608 -- the same
            if has_rules:
                cursor.execute(f"ALTER TABLE {self.table} ENABLE TRIGGER USER")

    def sort_rows(self) -> bool:
        """Write the file anew in the order of the key; returns whether every earlier state of a row left it."""
        index = self.index or _ask(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass AND indisprimary", self.table
        )
        with connection.cursor() as cursor, _count_dead_rows() as dead:
            cursor.execute(f"CLUSTER (VERBOSE) {self.table} USING {index}")
        return dead == [0]


def rewrite_tables(tables: Iterable[TableRewrite]) -> set[str]:
    """Write these tables anew, together or else each by itself; returns those that still tell how they came about.

    All rows are written again by one transaction, and sorted by another once that has ended: nobody who reads meanwhile
    misses a row. A rewrite waits for nobody: while somebody works in a table, the next one will do. That one has to be
    told which are left: their rows may look clean by then, with earlier states of them in the file still.
    """
    tables = [table for table in tables if table.has_file()]
    if not tables:
        return set()
    try:
        return _rewrite(tables, PATIENT)
    except DatabaseError:
        return {name for table in tables for name in _rewrite_alone(table)}


def _rewrite_alone(table: TableRewrite) -> set[str]:
    try:
        return _rewrite([table], HASTY)
    except DatabaseError:
        return {table.table}


def _rewrite(tables: Sequence[TableRewrite], patience: Patience) -> set[str]:
    with transaction.atomic():
        _lock(tables, "EXCLUSIVE", patience)
        for table in tables:
            table.stamp_rows()
        by = _ask("SELECT pg_current_xact_id()::text")
    if not connection.in_atomic_block:
        _let_older_ones_end(by, patience)
    with transaction.atomic():
        _lock(tables, "ACCESS EXCLUSIVE", patience)
        return {table.table for table in tables if not (table.sort_rows() and table.is_clean())}


def _let_older_ones_end(transaction_id: str, patience: Patience) -> None:
    """Give those a moment that began before this transaction: rows that they may still read cannot go."""
    for _time in range(patience.moments):
        if _ask("SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", transaction_id):
            return
        time.sleep(MOMENT)


def _lock(tables: Sequence[TableRewrite], mode: str, patience: Patience) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience.lock_timeout])
        cursor.execute(f"LOCK TABLE {', '.join(table.table for table in tables)} IN {mode} MODE")


def _ask(statement: str, *about: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, about)
        return cursor.fetchone()[0]


@contextmanager
def _count_dead_rows() -> Iterator[list[int]]:
    """Collect how many rows a `CLUSTER` kept because somebody's older transaction may still read them.

    PostgreSQL says so in its remarks alone, in whatever language; the number comes first.
    """
    counts: list[int] = []

    def read(remark: Diagnostic) -> None:
        if found := re.search(r"\d+", remark.message_detail or ""):
            counts.append(int(found[0]))

    connection.ensure_connection()
    talk = connection.connection
    talk.add_notice_handler(read)
    try:
        yield counts
    finally:
        talk.remove_notice_handler(read)


def keep_no_samples(tables: Iterable[TableRewrite]) -> None:
    """Let PostgreSQL keep no sample of these tables' values.

    It takes one now and then, of rows that may be deleted soon, and keeps it for good (`pg_statistic`).
    """
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                " AND attstattarget IS DISTINCT FROM 0",
                [table.table],
            )
            if columns := [name for (name,) in cursor.fetchall()]:
                changes = ", ".join(f'ALTER COLUMN "{name}" SET STATISTICS 0' for name in columns)
                cursor.execute(f"ALTER TABLE {table.table} {changes}")


def analyze(tables: Iterable[TableRewrite]) -> None:
    """Let PostgreSQL take new samples of these tables, by which it plans."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(table.table for table in tables)}")


def forget_counters(tables: Iterable[TableRewrite]) -> None:
    """Forget how often and when these tables were last read and written, where the role may.

    PostgreSQL counts that for each table and index (`pg_stat_user_tables`), to the moment. Other connections hand in
    what they have counted some seconds later: it is forgotten again by whoever asks next.
    """
    # What this one has counted is handed in now.
    _ask("SELECT pg_stat_force_next_flush()::text")
    if _ask("SELECT has_function_privilege('pg_stat_reset_single_table_counters(oid)', 'EXECUTE')"):
        _ask(
            "SELECT count(pg_stat_reset_single_table_counters(pg_class.oid)::text)"
            " FROM pg_class LEFT JOIN pg_index ON indexrelid = pg_class.oid"
            " WHERE coalesce(indrelid, pg_class.oid) = ANY (%s::regclass[]::oid[])",
            [table.table for table in tables],
        )
