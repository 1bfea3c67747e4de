"""Starts a throw-away PostgreSQL for the tests before Django is set up, unless `TEST_DATABASE_URL` names one.

A plugin of its own, since pytest-django reads the settings before any conftest is imported. Each run has a database
with a name of its own, so that several may go on at once, in one folder or on one server.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import psycopg
import pytest

from hub.core import embedded_postgres
from tests import surroundings

surroundings.shut_out()
# Never a database that is there for the hub: what is in it would be at stake.
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
# Never the folder of `make run`: this server is started without the care that keeps data through a power cut.
if (_folder := embedded_postgres.data_dir()).name != "tests":
    os.environ["HUB_DATA_DIR"] = str(_folder / "tests")
# pytest-playwright's synchronous API runs an event loop, and Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_server = ExitStack()
# What our locks are known by on a server: a run's own number is a smaller one.
MAKING = int.from_bytes(b"hubtests")
WHOLE = "whole"


def pytest_configure() -> None:
    """Every process of the run holds the server; the last to end stops it."""
    if not os.environ["DATABASE_URL"]:
        try:
            _server.enter_context(embedded_postgres.running(durable=False))
        except embedded_postgres.CannotServe as problem:
            raise pytest.UsageError(str(problem)) from None


def pytest_report_header() -> list[str]:
    """Say where the data had to go, if it had to."""
    here = embedded_postgres.server() if embedded_postgres.installed() else None
    return [here.moved_because] if here and here.moved_because else []


def pytest_unconfigure() -> None:
    """Let go of the server."""
    _server.close()


@contextmanager
def a_database_of_its_own(run: str, worker: str | None) -> Iterator[None]:
    """The tests' database: its tables are made once a run, and copied for each process of several.

    Making them takes ten seconds of a processor, copying them one. `run` is what all processes call their run; the
    last of them takes the original away. What killed runs have left goes when the next one begins.
    """
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now

    settings, before = connection.settings_dict, connection.settings_dict["NAME"]
    with _Databases(f"test_{before}_", run) as databases:
        settings["TEST"]["NAME"] = databases.original
        with databases.alone():
            if databases.is_whole():
                settings["NAME"] = databases.original
            else:
                databases.take_away_what_was_left()
                connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                databases.say_that_it_is_whole()
            if worker:
                connection.creation.clone_test_db(worker, verbosity=0, autoclobber=True)
                settings["NAME"] = connection.creation.get_test_db_clone_settings(worker)["NAME"]
        yield
        connection.close()
        databases.drop(settings["NAME"])
        settings["NAME"] = before


class _Databases:
    """Those of the runs on one server. A run holds a lock there while it lives, which ends with its processes."""

    def __init__(self, prefix: str, run: str) -> None:
        self.prefix, self.run = prefix, run[:12]
        self.original = prefix + self.run

    def __enter__(self) -> Self:
        from django.db import connection  # noqa: PLC0415 -- Django is set up by now

        self.server: psycopg.Connection[Any] = psycopg.connect(
            **connection.get_connection_params() | {"dbname": "postgres"}, autocommit=True
        )
        self._lock("pg_advisory_lock_shared", self.run)
        return self

    def __exit__(self, *_problem: object) -> None:
        self._lock("pg_advisory_unlock_shared", self.run)
        with self.alone():
            self._take_away(self.run)
        self.server.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time, of whichever run."""
        self.server.execute("SELECT pg_advisory_lock(%s)", [MAKING])
        try:
            yield
        finally:
            self.server.execute("SELECT pg_advisory_unlock(%s)", [MAKING])

    def is_whole(self) -> bool:
        """Whether the original is there, with every table in it: whoever makes it may be killed half-way."""
        asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        return self.server.execute(asked, [self.original]).fetchone() == (WHOLE,)

    def say_that_it_is_whole(self) -> None:
        """For the processes that come after."""
        self.server.execute(f"COMMENT ON DATABASE \"{self.original}\" IS '{WHOLE}'")

    def take_away_what_was_left(self) -> None:
        """By runs that ended without doing so."""
        for run in {name[len(self.prefix) :][:12] for name in self._there()} - {self.run}:
            self._take_away(run)

    def drop(self, name: str) -> None:
        """This one, whoever is still connected to it."""
        self.server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _take_away(self, run: str) -> None:
        if self._lock("pg_try_advisory_lock", run):
            for name in self._there():
                if name.startswith(self.prefix + run):
                    self.drop(name)
            self._lock("pg_advisory_unlock", run)

    def _there(self) -> list[str]:
        names = self.server.execute("SELECT datname FROM pg_database").fetchall()
        return [name for (name,) in names if re.match(rf"{re.escape(self.prefix)}[0-9a-f]{{12}}", name)]

    def _lock(self, how: str, run: str) -> bool:
        ((got,),) = self.server.execute(f"SELECT {how}(%s)", [int(run, 16)]).fetchall()
        return bool(got)
