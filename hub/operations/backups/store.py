"""The folder of backups: their names, writing one whole or not at all, and which go."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dateutil.relativedelta import relativedelta

from volunteers.shared.registries.retention import BACKUP_DAYS, BACKUP_MONTHS

OPEN_DESK = "open-desk.hub"
ERASED = "erased.hub"
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.hub", re.ASCII)


class BackupRunning(Exception):
    """Another backup is being made at this moment."""


def find_days_to_remove(days: Iterable[dt.date], today: dt.date) -> set[dt.date]:
    """The days whose backups must go: dailies after a week, but a month's last after a year.

    So that no two that stay can be subtracted into an evening. The newest of all stays whatever its age.
    """
    days = set(days)
    last = {(day.year, day.month): day for day in sorted(days)}
    month_ends = {
        day
        for month, day in last.items()
        if month != (today.year, today.month) and day > today - relativedelta(months=BACKUP_MONTHS)
    }
    recent = {day for day in days if day > today - dt.timedelta(days=BACKUP_DAYS)}
    return days - recent - month_ends - {max(days, default=today)}


@dataclass(frozen=True)
class BackupFolder:
    """Where backups are kept: this folder is copied to another place, and never the open desk's beside it.

    Copies of an open desk's backup, one after another, would tell whoever has the key what each visit took.
    """

    path: Path

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Let no other backup be made meanwhile.

        Raises BackupRunning at once, and OSError where the folder cannot be used.
        """
        for folder in (self.path, self.open_desk_path.parent):
            folder.mkdir(parents=True, exist_ok=True)
        with (self.path / "in-use.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupRunning from None
            yield

    def find_days(self) -> set[dt.date]:
        """The days there is a backup of."""
        names = (_NAME.fullmatch(path.name) for path in self.path.glob("*.hub"))
        return {dt.date.fromisoformat(name[1]) for name in names if name}

    def path_of(self, day: dt.date) -> Path:
        """Where the backup of a day lies."""
        return self.path / f"{day}.hub"

    @property
    def open_desk_path(self) -> Path:
        """The one with an evening in it, in a folder of its own beside this one."""
        path = self.path.absolute()
        return path.with_name(f"{path.name}-open-desk") / OPEN_DESK

    @property
    def marks_path(self) -> Path:
        """Who was erased, as marks that only a backup knows the people of; sealed like everything here."""
        return self.path / ERASED

    def write(self, path: Path, sealed: bytes) -> None:
        """Write it whole or not at all, readable to us alone; an older one of that name is there until then."""
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 -- a mode cannot be said to Path.open
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove_old(self, today: dt.date) -> int:
        """Remove what must go, and what a kill left half-written; how many backups went."""
        gone = find_days_to_remove(self.find_days(), today)
        for day in gone:
            self.path_of(day).unlink(missing_ok=True)
        # Where older versions wrote it.
        (self.path / OPEN_DESK).unlink(missing_ok=True)
        for folder in (self.path, self.open_desk_path.parent):
            for half in folder.glob("*.half"):
                half.unlink(missing_ok=True)
        return len(gone)
