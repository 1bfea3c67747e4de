"""Starts a throw-away PostgreSQL for the tests before Django is set up, unless `DATABASE_URL` names one.

A plugin of its own, since pytest-django reads the settings before any conftest is imported.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from hub.core import embedded_postgres

os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("DEMO", "false")
# Never the folder of `make run`: this server is started without the care that keeps data through a power cut.
if (_folder := embedded_postgres.data_dir()).name != "tests":
    os.environ["HUB_DATA_DIR"] = str(_folder / "tests")
# pytest-playwright's synchronous API runs an event loop, and Django would refuse the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

_server = ExitStack()


def pytest_configure() -> None:
    """Every process of the run holds the server; the last to end stops it."""
    if not os.environ.get("DATABASE_URL"):
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
def copied(run: str, worker: str) -> Iterator[None]:
    """The tests' database for one process of several: its tables are made once, and copied for each process.

    Making them takes ten seconds of a processor, copying them one. `run` is what all processes call their run; the
    last of them takes the original away.
    """
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now

    creation = connection.creation
    with _everybody(run) as here:
        if here:
            connection.settings_dict["NAME"] = here[0]
        else:
            here.append(creation.create_test_db(verbosity=0, autoclobber=True, serialize=False))
        creation.clone_test_db(worker, verbosity=0, autoclobber=True)
        here.append(worker)
        original, copy = here[0], creation.get_test_db_clone_settings(worker)["NAME"]
        connection.settings_dict["NAME"] = copy
    yield
    creation.destroy_test_db(verbosity=0)
    with _everybody(run) as here:
        here.remove(worker)
        if here == [original]:
            connection.settings_dict["NAME"] = original
            creation.destroy_test_db(verbosity=0)
            here.clear()


@contextmanager
def _everybody(run: str) -> Iterator[list[str]]:
    """The original's name and who has a copy of it, for one process at a time."""
    with Path(tempfile.gettempdir(), f"hub-tests-{run}").open("a+", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.seek(0)
        here = held.read().split()
        yield here
        held.truncate(0)
        held.write(" ".join(here))
        if not here:
            Path(held.name).unlink()
