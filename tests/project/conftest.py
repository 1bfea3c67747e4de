"""Places and processes for trying the project from outside."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.embedded_postgres import PROJECT

# As far as the settings are concerned; an empty value keeps a developer's own `.env` out of it.
UNSET = dict.fromkeys(("DEBUG", "SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "SITE_URL"), "")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a space in its name that other users may pass through, as a project's folder usually is."""
    with tempfile.TemporaryDirectory(prefix="hub test ", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made) / "data"


def python(*arguments: str, inherit: tuple[int, ...] = (), **environment: str) -> subprocess.Popen[str]:
    """Python in the project's folder, outside Django, with these variables on top of ours."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
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
