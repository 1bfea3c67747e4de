"""What somebody holds who got hold of a dump: every row of every table in the order pg_dump writes them."""

import os
import re
import shutil
import subprocess
import uuid
from collections import Counter
from dataclasses import dataclass

import pytest
from django.db import connection

from hub.core import embedded_postgres

COPY = re.compile(r"^COPY (?:\w+\.)?(\w+) \((.+)\) FROM stdin;$")
NEXT = re.compile(r"^SELECT pg_catalog\.setval\('(?:\w+\.)?(\w+)', (\d+), (\w+)\);$")


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def column(self, name):
        return [row[self.columns.index(name)] for row in self.rows]

    def only(self, *names):
        places = [self.columns.index(name) for name in names]
        return [tuple(row[place] for place in places) for row in self.rows]


@dataclass(frozen=True)
class Dump:
    tables: dict[str, Table]
    sequences: dict[str, str]

    def __getitem__(self, name):
        return self.tables[name]

    def cells(self):
        """(table, column, value) of everything in it."""
        for name, table in self.tables.items():
            for row in table.rows:
                yield from ((name, column, value) for column, value in zip(table.columns, row, strict=True))


def reach():
    """The variables by which PostgreSQL's own programs, and ours, find the test's database."""
    told = connection.settings_dict
    return {
        "PGHOST": str(told["HOST"]),
        "PGUSER": told["USER"],
        "PGDATABASE": told["NAME"],
        "PGPORT": str(told.get("PORT") or 5432),
        "PGPASSWORD": told.get("PASSWORD") or "",
    }


def take():
    """A dump of the test's database, as a backup makes one."""
    made = subprocess.run(
        [_client(), "--data-only", "--no-owner"], check=False, capture_output=True, text=True, env=os.environ | reach()
    )
    assert made.returncode == 0, made.stderr
    return read(made.stdout)


def _client():
    if embedded_postgres.installed():
        return str(embedded_postgres.server().binaries / "pg_dump")
    return shutil.which("pg_dump") or pytest.skip("no pg_dump here")


def read(text):
    """What a dump says, as PostgreSQL's programs write it out."""
    tables, sequences, lines = {}, {}, iter(text.splitlines())
    for line in lines:
        if begins := COPY.match(line):
            columns = tuple(name.strip().strip('"') for name in begins.group(2).split(","))
            rows = [tuple(row.split("\t")) for row in iter(lambda: next(lines), "\\.")]
            tables[begins.group(1)] = Table(columns, rows)
        elif counted := NEXT.match(line):
            sequences[counted.group(1)] = f"{counted.group(2)} {counted.group(3)}"
    assert len(tables) > 30
    return Dump(tables, sequences)


# What a new world has anew, whatever happens at its desk: salts, seals, and when its people and things were set up.
OF_THE_WORLD = {
    "volunteers_user": {"password", "date_joined"},
    "django_session": {"session_key", "session_data"},
    "django_migrations": {"applied"},
    **{
        f"{table}event": {"pgh_created_at"}
        for table in ("hub_hub", "hub_question", "hub_choice", "hub_strip", "supplies_item")
    },
    **{f"supplies_{table}event": {"pgh_created_at"} for table in ("category", "lot", "store")},
}


def alike(dump):
    """A dump with its random ids out of it: what two worlds must share that nobody may tell apart.

    Rows known by a random id are compared whatever their order, once it is sure that it is the order of the ids.
    """
    said = {}
    for name, table in dump.tables.items():
        hidden = [column in OF_THE_WORLD.get(name, ()) for column in table.columns]
        by_random_id = bool(table.rows) and table.columns[0] == "id" and _random(table.rows[0][0])
        rows = [
            tuple("–" if hide or _random(cell) else cell for cell, hide in zip(row, hidden, strict=True))
            for row in table.rows
        ]
        if by_random_id and name not in ("supplies_outgoing", "supplies_shortfall", "supplies_movement"):
            assert table.column("id") == sorted(table.column("id")), f"{name} shows an order of arrival"
            said[name] = Counter(rows)
        else:
            said[name] = rows
    return said | {"sequences": dump.sequences}


def _random(value):
    try:
        return uuid.UUID(value).version in (4, 5)
    except ValueError:
        return False


def the_log_of_the_database():
    """What PostgreSQL has written so far."""
    if connection.settings_dict["HOST"] != str(embedded_postgres.server().socket):
        pytest.skip("the log of another server is not ours to read")
    return (embedded_postgres.server().home / "postgres.log").read_text()
