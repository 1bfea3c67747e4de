"""The hub as it runs, in processes that can be killed like any process: PostgreSQL, the web server and the worker.

Only processes this module started, and the children of those, are ever killed: each is known by its pid.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from hub.core import embedded_postgres
from hub.core.embedded_postgres import PROJECT
from tests.wait_for_server import PATIENCE, a_free_port, answers

MODULES = {
    "worker": ("django", "procrastinate", "worker"),
    "web": ("gunicorn", "hub.wsgi", "--workers=2"),
}


class NotBack(AssertionError):
    """Something that was killed did not come back."""


class Machine:
    """All of it, on one database server of its own."""

    def __init__(self):
        self.port = a_free_port()
        self.server = embedded_postgres.server()
        self.running = {}
        self.ended_by_themselves = Counter()
        self._hands = threading.RLock()
        self._over = threading.Event()
        threading.Thread(target=self._keep, name="keeper", daemon=True).start()

    def _keep(self):
        """Start again what ends by itself, as `restart: unless-stopped` does: a worker that lost its database."""
        while not self._over.wait(0.5):
            with self._hands:
                for name in [name for name, process in self.running.items() if process.poll() is not None]:
                    self.ended_by_themselves[name] += 1
                    self.start(name)

    def start(self, name):
        """Bring up what is down."""
        if name == "postgres":
            deadline = time.monotonic() + PATIENCE
            while not self.server.running():
                with suppress(embedded_postgres.CannotServe):
                    self.server.start()
                if time.monotonic() > deadline:
                    raise NotBack(name)
            return
        with self._hands:
            self._start(name)

    def _start(self, name):
        bind = [f"--bind=127.0.0.1:{self.port}"] if name == "web" else []
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", *MODULES[name], *bind],
            cwd=PROJECT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "hub.settings"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self, name):
        """As a power cut does: it and its children, and nobody gets to tidy up."""
        if name == "postgres":
            pid = int((self.server.cluster / "postmaster.pid").read_text().split()[0])
            family = [pid, *_children(pid)]
        else:
            with self._hands:
                process = self.running.pop(name)
            family = [process.pid, *_children(process.pid)]
        for member in family:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        if name == "postgres":
            _gone(family)
        else:
            process.wait(PATIENCE)

    def wait(self):
        """Until a request that needs the database is answered."""
        if not answers(self.port, "/readyz"):
            raise NotBack("web")

    def stop(self):
        """Let everything end in order."""
        self._over.set()
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _children(pid):
    told = (Path(f"/proc/{pid}/task/{pid}/children").read_text() for _once in (0,))
    with suppress(OSError):
        found = [int(child) for child in next(told).split()]
        return [*found, *(grandchild for child in found for grandchild in _children(child))]
    return []


def _gone(pids):
    """Orphans are buried by the system; a server does not start beside one that still holds its memory."""
    deadline = time.monotonic() + PATIENCE
    while any(_alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            raise NotBack("postgres")
        time.sleep(0.01)


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
