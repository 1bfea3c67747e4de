"""Tables a backup must not hold, as each model says beside it; a test reads a real dump by it."""

from __future__ import annotations

from volunteers.shared.registries.retention import InBackups, find_tables


def tables_left_out(*, desk_is_open: bool) -> list[str]:
    """The tables whose rows stay out, as pg_dump takes their names; the tables themselves are in it, empty.

    Ways in never are in it, nor is what is on its way: dead by the time anybody restores, and nobody's business until
    then. Nor is the evening itself, and what we promise to forget sooner than a backup is deleted; but while a desk is
    open there is one backup with the evening in it, so that a server that dies tonight loses none of it. It is written
    over by the next, and gone once the desk has closed.
    """
    never = find_tables(in_backups=InBackups.NEVER)
    return never if desk_is_open else never + find_tables(in_backups=InBackups.OPEN_DESK)
