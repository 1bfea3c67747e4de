"""Making a backup: fold what is over, look whether a desk is open, dump, seal, and let the old ones go."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.db import connection, transaction
from django.utils import timezone

from hub.core import periods
from hub.core.hub import Hub
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.openings import Opening
from hub.operations.backups import clients
from hub.operations.backups.contents import tables_left_out
from hub.operations.backups.encryption import seal
from hub.operations.backups.store import BackupFolder
from hub.people.models.tombstones import Erased
from volunteers.shared.registries.retention import Every, delete_overdue


@dataclass(frozen=True)
class BackupResult:
    """The result of one run: where the backup is, whether it holds an open evening, and how many old ones went."""

    path: Path
    desk_is_open: bool
    removed: int = 0


def make_backup(folder: BackupFolder, key: X25519PublicKey) -> BackupResult:
    """Make the backup of this evening, or write over the one of the open desk.

    Raises CannotDump, BackupRunning and OSError.
    """
    evening = periods.tonight()
    with folder.lock():
        Opening.objects.aggregate_overdue()
        delete_overdue(Every.TEN_MINUTES, Every.BACKUP)
        Opening.objects.truncate_visits()
        PendingRewrite.objects.run()
        desk_is_open, dump, marks = _make_dump()
        folder.write(folder.marks_path, seal(json.dumps(marks).encode(), key))
        path = folder.open_desk_path if desk_is_open else folder.path_of(evening)
        folder.write(path, seal(dump, key))
        Hub.objects.filter(pk=1).update(backed_up_on=timezone.localdate())
        if desk_is_open:
            return BackupResult(path, desk_is_open=True)
        folder.open_desk_path.unlink(missing_ok=True)
        return BackupResult(path, desk_is_open=False, removed=folder.remove_old(timezone.localdate()))


def is_due(folder: BackupFolder) -> bool:
    """Whether it is time: a desk is open, or has closed since, or this day has none yet."""
    evening = periods.tonight()
    return Opening.objects.open().exists() or folder.open_desk_path.exists() or evening not in folder.find_days()


@transaction.atomic
def _make_dump() -> tuple[bool, bytes, list[str]]:
    """Whether a desk is open, the dump, and who is erased: all three of one moment, however long the dump takes."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
    desk_is_open = Opening.objects.open().exists()
    dump = clients.run_client(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        *(f"--exclude-table-data={table}" for table in tables_left_out(desk_is_open=desk_is_open)),
    )
    return desk_is_open, dump, sorted(Erased.objects.values_list("mark", flat=True))
