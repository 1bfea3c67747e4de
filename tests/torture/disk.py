"""A disk of its own for the database: small, so that it can be full, and real, so that what is kept is kept on it."""

import os
import subprocess
from contextlib import contextmanager, suppress

GIGABYTES = 2


@contextmanager
def small_disk(image, folder):
    """`folder` on a disk of its own, which is in one file and gone in the end; None where this is not allowed."""
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(GIGABYTES * 2**30)
    mounted = _ran("mkfs.ext4", "-q", "-F", "-m", "0", image) and _ran("mount", "-o", "loop", image, folder)
    try:
        yield Disk(folder) if mounted else None
    finally:
        if mounted:
            # Whoever is still at home keeps it until they go.
            _ran("umount", folder) or _ran("umount", "--lazy", folder)


class Disk:
    """What can be taken up to the last byte, and given back."""

    def __init__(self, folder):
        self._filler = folder / "filler"

    def fill(self):
        """Leave no room for anything, however small."""
        with self._filler.open("ab") as file:
            piece = 2**28
            while piece >= 2**12:
                taken = os.fstat(file.fileno()).st_size
                try:
                    os.posix_fallocate(file.fileno(), taken, piece)
                except OSError:
                    # What was got of it before there was no more counts too.
                    piece //= 2

    def free(self):
        """Make room."""
        self._filler.unlink(missing_ok=True)


def _ran(*command):
    # Not allowed and not there come to the same.
    with suppress(OSError):
        return not subprocess.run(
            [*map(str, command)], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ).returncode
    return False
