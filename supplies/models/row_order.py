"""The order of rows in a table's file, which a dump shows: put back so that it tells nothing of what came when."""

from __future__ import annotations

from django.db import DatabaseError, connection, models, transaction

WAITS = "200ms"


def forget_arrivals(model: type[models.Model], *columns: str, index: str) -> bool:
    """Write a table anew in the order of these columns, which `index` is on; returns whether it is in order now.

    PostgreSQL puts a new or changed row where there is room, and a dump reads a table from its beginning: what
    changed last stands last. It waits for nobody: while somebody works in the table, next time will do.
    """
    table, order = model._meta.db_table, ", ".join(columns)  # noqa: SLF001 -- Django's own public name for it
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM (SELECT ROW({order}) < lag(ROW({order})) OVER (ORDER BY ctid) AS back"  # noqa: S608 -- names of our own
                f" FROM {table}) AS rows WHERE back)"
            )
            if cursor.fetchone()[0]:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAITS])
                cursor.execute(f"CLUSTER {table} USING {index}")
    except DatabaseError:
        return False
    return True
