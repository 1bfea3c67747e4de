"""gunicorn on a port of its own, set up as in production, over one database."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from hub.core.embedded_postgres import PROJECT
from tests.wait_for_server import a_free_port, answers

KEY = "only-for-measuring-and-long-enough-0123456789-abcdefghijklmnop"
HOST = "hub.example"
WORKERS = 2  # as the Dockerfile has it, and the way they are started


def as_in_production(database_url, static_root):
    """The environment of a deployment behind one proxy that does HTTPS."""
    return {
        "MALLOC_ARENA_MAX": "2",  # as the Dockerfile has it
        "DEBUG": "false",
        "DEMO": "false",
        "SECRET_KEY": KEY,
        "DATABASE_URL": database_url,
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "TRUSTED_PROXIES": "1",
        "EMAIL_URL": "dummymail://",
        "STATIC_ROOT": str(static_root),
    }


class Serving:
    """A running hub; `with Serving(…) as hub:`. Everything it starts ends with it."""

    def __init__(self, environment, workers=1):
        self.port = a_free_port()
        self.environment, self.workers = environment, workers

    def __enter__(self):
        command = ["gunicorn", "tests.bench.served:application", f"--bind=127.0.0.1:{self.port}", "--preload"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, f"--workers={self.workers}", "--keep-alive=30", "--backlog=512"],
            cwd=PROJECT,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        if answers(self.port, host=HOST, unless=lambda: self.process.poll() is not None):
            return self
        self.__exit__()
        raise SystemExit("The web server did not start; what it said is above.")

    def __exit__(self, *_problem):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def memory(self):
        """MB of the largest worker, and never the arbiter; None where the system does not say."""
        workers = []
        for status in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError):
                said = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                if int(said["PPid"]) == self.process.pid and "VmRSS" in said:
                    workers.append(int(said["VmRSS"].split()[0]) / 1024)
        return max(workers, default=None)
