"""`make run`: the whole hub on a laptop. One process keeps the web server and the job worker, and ends them."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from hub.demo import list_sign_ins
from volunteers.models import User

PATIENCE = {"port": 3, "web": 60, "stop": 10}  # seconds
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    """Migrates, lays out the demo if nobody is there, serves, and ends everything with itself.

    Nothing it starts outlives it, however it ends. What goes wrong is one sentence and an exit code.
    """

    help = "Runs the hub on this computer, with its job worker, until Ctrl-C. Not for production."
    requires_system_checks = ()

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """See the class."""
        if not settings.DEBUG:
            raise CommandError(
                "`run` is for laptops, with DEBUG on. In production compose.yaml starts gunicorn and the worker."
            )
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        for number in STOPS:
            signal.signal(number, signal.default_int_handler)
        if "MAKELEVEL" in os.environ:
            _die_with_parent(signal.SIGTERM, os.getppid())
        try:
            self.serve(_free_port())
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            for number in STOPS:
                signal.signal(number, signal.SIG_IGN)
            for child in self.children.values():
                _stop(child)

    def serve(self, port: int) -> None:
        """Bring everything up, say where it is, and wait until something ends."""
        # Called from here `migrate` would not ask how old the server is.
        for problem in run_checks(tags=["database"], databases=["default"]):
            raise CommandError(problem.msg)
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO and not User.objects.exists():
            self.stdout.write("Laying out the demo …")
            call_command("demo", stdout=io.StringIO())  # its sign-ins are said below, every time
        lines = self.demo_sign_ins()
        connection.close()

        self.start("web server", "gunicorn", "hub.wsgi", f"--bind=127.0.0.1:{port}", "--workers=1", "--reload")
        # Not through manage.py, which would hold the database too: this process does that for both.
        self.start("job worker", "django", "procrastinate", "worker", orphaned=signal.SIGKILL)
        self.wait_for_web(port)
        self.stdout.write(f"\nThe hub is at http://localhost:{port}\n")
        for line in lines:
            self.stdout.write(line)
        self.stdout.write("Ctrl-C stops it.")
        self.stdout.flush()
        self.wait_for_an_end()

    def demo_sign_ins(self) -> list[str]:
        """A line for each of the demo's people who is there."""
        there = list_sign_ins() if settings.DEMO else []
        return [f"  {role:<12} {name} / {password}" for role, name, password in there]

    def start(self, name: str, *module: str, orphaned: int = signal.SIGTERM) -> None:
        """Start a child that dies with us and is out of reach of the keyboard, so that we choose the order.

        `orphaned` is the signal it gets when we are killed before we can end it.
        """
        us, libc = os.getpid(), _load_prctl()

        def follow() -> None:
            if libc is not None:
                libc(PR_SET_PDEATHSIG, orphaned)
                if os.getppid() != us:
                    os._exit(1)

        self.children[name] = subprocess.Popen(  # noqa: S603 -- our own commands
            [sys.executable, "-m", *module],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "hub.settings"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=follow,  # noqa: PLW1509 -- no threads here yet, and there is no other way to say it
        )

    def wait_for_web(self, port: int) -> None:
        """Until a request is answered."""
        deadline = time.monotonic() + PATIENCE["web"]
        while time.monotonic() < deadline:
            self.raise_if_ended()
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE["web"])
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(asked):
                asked.request("GET", "/healthz", headers={"Host": "localhost"})
                if asked.getresponse().status == http.HTTPStatus.OK:
                    return
            time.sleep(0.05)
        raise CommandError("The web server does not answer.")

    def wait_for_an_end(self) -> None:
        """Until a child ends, which none should."""
        while True:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            self.raise_if_ended()
            # Not one of ours: as the first process of a container we inherit orphans.
            if ended is not None:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(ended.si_pid, os.WNOHANG)

    def raise_if_ended(self) -> None:
        """One sentence when a child is gone."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CommandError(f"The {name} has stopped by itself; what it said is above. Everything is stopped.")


def _free_port() -> int:
    named = os.environ.get("PORT") or "8000"
    if not (named.isdecimal() and 0 < int(named) < 2**16):
        raise CommandError(f"PORT is a number from 1 to 65535, not {named}.")
    deadline = time.monotonic() + PATIENCE["port"]
    while True:
        try:
            with socket.socket() as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(("127.0.0.1", int(named)))
                tried.listen()
        except PermissionError:
            raise CommandError(f"This user may not open port {named}: choose another with PORT=8001.") from None
        except OSError:
            # For a moment it may still be held by what a killed run has left behind.
            if time.monotonic() > deadline:
                raise CommandError(
                    f"Port {named} is taken: stop what uses it, or choose another with PORT=8001."
                ) from None
            time.sleep(0.1)
        else:
            return int(named)


def _load_prctl() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    called: Callable[..., int] = ctypes.CDLL(None).prctl
    return called


def _die_with_parent(number: int, parent: int) -> None:
    libc = _load_prctl()
    if libc is not None:
        libc(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(PATIENCE["stop"])
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
