"""Kill the web server, the worker and PostgreSQL while everybody writes, again and again, and see what is left.

    python -m tests.torture [--minutes 10] [--seed 1] [--write]

Ends with a table of rounds. The exit code is 1 if anything that was answered for is missing or there twice, if a
promise is broken, or if something does not come back. `kill -9` is not a power cut: what the system had not written
to its disk yet survives here. PostgreSQL runs with fsync on, which is there for the other case.
"""

import argparse
import datetime as dt
import os
import platform
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from http import HTTPStatus
from operator import lt
from pathlib import Path
from urllib.parse import quote

from tests import surroundings
from tests.torture.disk import small_disk

AWAY, FULL = "the database, away", "the disk, full"
VICTIMS = (("web",), ("worker",), ("postgres",), ("postgres", "web", "worker"), (AWAY,), (FULL,))
AWAY_SECONDS = (60, 5, 10, 20)
FULL_SECONDS = 20
WITHOUT_DISK = "It takes a disk of its own: run this as root, on Linux, where a file may be mounted as one."
PAGES = ("/today/", "/desk/", "/stock/")


def main():
    """Read what is asked for, and run."""
    asked = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__.partition("\n")[0])
    asked.add_argument("--minutes", type=float, default=8, help="for how long; setting up and ending come on top")
    asked.add_argument("--seed", type=int, default=None, help="repeats whom it kills and when, as far as a machine can")
    asked.add_argument("--write", action="store_true", help="write the table into docs/generated/torture.md")
    options = asked.parse_args()
    seed = options.seed if options.seed is not None else int.from_bytes(os.urandom(4))
    print(f"seed {seed}", flush=True)
    # Whoever ends us early gets their disk back too.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    surroundings.shut_out()
    folder = Path(tempfile.mkdtemp(prefix="hub-torture-"))
    folder.chmod(0o755)
    os.environ.update(
        HUB_DATA_DIR=str(folder / "data"),
        DJANGO_SETTINGS_MODULE="hub.settings",
        # As in production, but for the second step.
        DEBUG="false",
        DEMO="true",
        HTTPS="false",
        SECRET_KEY="only-for-this-run-and-long-enough-0123456789-abcdefghijk",
        ALLOWED_HOSTS="localhost",
        SITE_URL="http://localhost",
        EMAIL_URL="dummymail://",
        STATIC_ROOT=str(folder / "static"),
        IDLE_SECONDS=str(24 * 3600),
    )
    try:
        with small_disk(folder / "disk", folder / "data") as disk:
            if disk is None:
                print(f"NOT TRIED: {FULL}. {WITHOUT_DISK}", flush=True)
            return torture(options, seed, disk)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def torture(options, seed, disk):
    """All of it, on a database of its own that is thrown away."""
    from hub.core import embedded_postgres  # noqa: PLC0415 -- the folder is known by now

    with embedded_postgres.running() as server:
        os.environ["DATABASE_URL"] = f"postgres://hub@/hub?host={quote(str(server.socket), safe='')}"
        import django  # noqa: PLC0415 -- the same

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 -- Django is ready by now

        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", verbosity=0)
        return Run(options.minutes, seed, disk).go(write=options.write)


class Run:
    """Rounds of killing, and what they found."""

    def __init__(self, minutes, seed, disk):
        from tests.torture import flows, machine, world  # noqa: PLC0415 -- the same

        self.minutes, self.seed, self.disk = minutes, seed, disk
        self.random = random.Random(seed)  # noqa: S311 -- the same every time is the point
        self.world = world.World()
        self.machine = machine.Machine()
        self.flows = flows.everybody(
            self.world,
            self.machine.port,
            lambda: random.Random(self.random.random()),  # noqa: S311 -- the same
        )
        self.rounds = {victims: [] for victims in VICTIMS if disk or victims != (FULL,)}
        self.problems = []

    def go(self, *, write):
        """Everything, and the exit code."""
        from tests.torture import report  # noqa: PLC0415 -- the same

        began = time.monotonic()
        try:
            for name in ("worker", "web"):
                self.machine.start(name)
            self.machine.wait()
            for flow in self.flows:
                flow.start()
            number = 0
            while time.monotonic() - began < self.minutes * 60 and not self.problems:
                number += 1
                self.round(tuple(self.rounds)[(number - 1) % len(self.rounds)])
            self.problems += [f"at the end: {sentence}" for sentence in self._worker_goes_on()]
        finally:
            for flow in self.flows:
                flow.over.set()
                flow.gate.set()
            for flow in self.flows:
                flow.join(30)
            self.machine.stop()
        table = report.table(self, time.monotonic() - began)
        print(table)
        if write and not self.problems:
            report.write(table)
        return bool(self.problems)

    def round(self, victims):
        """Let them write, kill, bring back, look; then let everybody get their answer, and look again."""
        from django.db import connection  # noqa: PLC0415 -- the same

        from tests.torture.machine import NotBack  # noqa: PLC0415 -- the same
        from tests.torture.truth import all_of_it_once, nothing_is_lost  # noqa: PLC0415 -- the same

        before = sum(flow.answered for flow in self.flows)
        for flow in self.flows:
            flow.gate.set()
        time.sleep(self.random.uniform(0.3, 3.0))
        problems = []
        if victims == (AWAY,):
            problems += self._away(AWAY_SECONDS[len(self.rounds[victims]) % len(AWAY_SECONDS)])
        elif victims == (FULL,):
            problems += self._full()
        else:
            for name in victims:
                self.machine.kill(name)
            time.sleep(self.random.choice((0, 0, self.random.uniform(0, 1.5))))
        connection.close()
        down = time.monotonic()
        try:
            for name in ("postgres", "web", "worker"):
                if name in victims or (name == "postgres" and victims in ((AWAY,), (FULL,))):
                    self.machine.start(name)
            self.machine.wait()
            back = time.monotonic() - down
            problems += nothing_is_lost(self.flows)
            problems += self._all_answered()
            problems += all_of_it_once(self.flows, self.world)
        except NotBack as problem:
            back, problems = float("nan"), [f"{problem} did not come back"]
        problems += {shock for flow in self.flows for shock in flow.browser.shocks}
        self.problems += [f"killed {' and '.join(victims)}: {sentence}" for sentence in problems]
        self.rounds[victims].append((back, sum(flow.answered for flow in self.flows) - before))
        said = "; ".join(problems) or "all there, once"
        print(f"{dt.datetime.now(dt.UTC):%H:%M:%S} {' + '.join(victims):24} back in {back:4.1f} s  {said}", flush=True)

    def _away(self, seconds):
        """Stop the database and start nothing: what do people see meanwhile?"""
        self.machine.server.stop()
        until = time.monotonic() + seconds
        for path in PAGES:
            if (status := self.flows[0].browser.see(path)) != HTTPStatus.SERVICE_UNAVAILABLE:
                yield f"without a database {path} answers {status}"
        time.sleep(max(0, until - time.monotonic()))

    def _full(self):
        """Leave no room on the disk until the desk is put off, and then until PostgreSQL gives up."""
        from tests.torture.flows import Logging  # noqa: PLC0415 -- Django is ready by now

        desk = [flow.browser for flow in self.flows if isinstance(flow, Logging)]
        before = [browser.put_off for browser in desk]
        try:
            # At first it can still be read, and a little can be written where there is room inside of files.
            seen = list(self._while_full(lambda: all(map(lt, before, (browser.put_off for browser in desk)))))
            seen += self._while_full(lambda: not self._writes_much())
            time.sleep(1)
            seen += [self.flows[0].browser.see(path) for path in PAGES]
        finally:
            self.disk.free()
        if not all(map(lt, before, (browser.put_off for browser in desk))):
            yield "with a full disk nobody at the desk was put off"
        if not set(seen) <= {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}:
            yield f"with a full disk pages answer {sorted(set(seen))}"

    def _while_full(self, enough):
        """What pages answer, until there is enough of it."""
        until = time.monotonic() + FULL_SECONDS
        while time.monotonic() < until and not enough():
            self.disk.fill()
            yield from map(self.flows[0].browser.see, PAGES)

    def _writes_much(self):
        """Whether PostgreSQL is there still, after having to begin another file of its journal."""
        from django.db import DatabaseError, connection  # noqa: PLC0415 -- Django is ready by now

        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_switch_wal()")
        connection.close()
        return self.machine.server.running()

    def _worker_goes_on(self):
        """What a worker was killed at is picked up again, within two minutes: a report still comes out."""
        (publishing,) = [flow for flow in self.flows if flow.name == "publishing"]
        before, deadline = len(publishing.told), time.monotonic() + 150
        publishing.gate.set()
        while len(publishing.told) == before and not self.problems:
            if time.monotonic() > deadline:
                yield f"no report has come out in the end; jobs: {_jobs()}"
                return
            time.sleep(0.2)

    def _all_answered(self):
        """Shut the gates, and wait until everybody has an answer."""
        for flow in self.flows:
            flow.waiting.clear()
            flow.gate.clear()
        for flow in self.flows:
            if not flow.waiting.wait(60):
                yield f"“{flow.name}” has had no answer for a minute"
            if flow.problem is not None:
                yield f"“{flow.name}” broke: {flow.problem!r}"


def _jobs():
    """What waits for the worker, by kind."""
    from django.db import connection  # noqa: PLC0415 -- Django is ready by now

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2")
        return [" ".join(map(str, row)) for row in cursor.fetchall()]


def machine_said():
    """What kind of machine this is, and nothing that names it."""
    memory = 0
    with suppress(OSError, ValueError):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    system, python = f"{platform.system()} {platform.machine()}", platform.python_version()
    return f"{system}, {os.cpu_count()} cores, {memory} GB, Python {python}"


def seconds_of(rounds):
    """The middle and the longest of how long coming back took."""
    times = [back for back, _answered in rounds]
    return (statistics.median(times), max(times)) if times else (0.0, 0.0)


if __name__ == "__main__":
    sys.exit(main())
