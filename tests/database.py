"""Starts a throw-away PostgreSQL for the tests before Django is set up, unless `DATABASE_URL` names one.

A plugin of its own, since pytest-django reads the settings before any conftest is imported.
"""

import os
from contextlib import ExitStack

import pytest

from hub import embedded_postgres

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
