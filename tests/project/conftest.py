"""Places and processes for trying the project from outside."""

import atexit
import contextlib
import fcntl
import functools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.core import embedded_postgres
from hub.core.embedded_postgres import PROJECT
from tests.leftovers import take_away
from tests.surroundings import UNSET

# A deployment's settings for what needs no database.
DEPLOYED = {**UNSET, "SECRET_KEY": "only-for-tests-and-long-enough-0123456789-abcdefghijklmnop", "DEMO": ""}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a space in its name that other users may pass through, as a project's folder usually is."""
    with tempfile.TemporaryDirectory(prefix="hub test ", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        with nothing_left_of(Path(made) / "data") as data:
            yield data


@contextlib.contextmanager
def nothing_left_of(data: Path) -> Iterator[Path]:
    """A folder for a database: its server is stopped at the end, and where it had to go elsewhere it is gone there."""
    try:
        yield data
    finally:
        take_away(server_of(data))


def server_of(data: Path) -> embedded_postgres.Server:
    """The server of a hub with this folder for its data."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HUB_DATA_DIR", str(data))
        return embedded_postgres.server.__wrapped__()


@functools.cache
def temporary_folder() -> str:
    """Where processes of ours keep what they would take away themselves if nobody killed them."""
    made = tempfile.mkdtemp(prefix="hub-tests-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def python(*arguments: str, inherit: tuple[int, ...] = (), **environment: str) -> subprocess.Popen[str]:
    """Python in the project's folder, outside Django, with these variables on top of ours."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": temporary_folder(), **environment},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=inherit,
        start_new_session=True,
    )


def ended(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and complaints of a Python that ends by itself."""
    with python(*arguments, **environment) as process:
        out, err = process.communicate()
        return process.returncode, out, err


@pytest.fixture(scope="session")
def static_files(tmp_path_factory) -> Path:
    """The folder of static files as a deployment has it: hashed and compressed. Made once a run."""
    run = tmp_path_factory.getbasetemp()
    run = run.parent if os.environ.get("PYTEST_XDIST_WORKER") else run
    made = run / "static-files"
    with (run / "static-files.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "staticfiles.json").exists():
            _collect(made)
    return made


def _collect(made: Path) -> None:
    nowhere = {"DATABASE_URL": "postgres://nowhere/none", "ALLOWED_HOSTS": "localhost", "STATIC_ROOT": str(made)}
    code, _out, err = ended("manage.py", "collectstatic", "--noinput", **{**DEPLOYED, **nowhere})
    assert code == 0, err


@contextlib.contextmanager
def serving(**settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The image's own command with these settings: the process, and the port it listens at."""
    told = re.search(r"^CMD (\[.+\])$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert told
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [part.replace("0.0.0.0:8000", f"fd://{listening.fileno()}") for part in json.loads(told[1])]
        assert f"--bind=fd://{listening.fileno()}" in command
        with python("-m", *command, inherit=(listening.fileno(),), **settings) as process:
            yield process, listening.getsockname()[1]
            process.kill()
