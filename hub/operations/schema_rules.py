"""Whether every trigger and constraint of ours is in the database, and switched on."""

from __future__ import annotations

import pgtrigger
from django.apps import apps
from django.db import connection

OURS = ("hub", "school", "supplies", "volunteers")


def is_a_trigger_off() -> bool:
    """Whether a rule of ours is not in the database, or is switched off."""
    wanted = {(model._meta.db_table, trigger.get_pgid(model)) for model, trigger in pgtrigger.registered()}  # noqa: SLF001 -- Django's own public name for it
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgenabled = 'O'"
        )
        return not wanted <= set(cursor.fetchall())


def is_a_constraint_missing() -> bool:
    """Whether a constraint of ours, or a pointer to a row that must be there, is not in the database."""
    wanted: set[tuple[str, str | None]] = set()
    for table in (model._meta for app in OURS for model in apps.get_app_config(app).get_models(True)):  # noqa: SLF001 -- the same
        wanted |= {(table.db_table, rule.name) for rule in table.constraints}
        pointers = (field for field in table.local_fields if getattr(field, "db_constraint", False))
        wanted |= {(table.db_table, field.column) for field in pointers}
    with connection.cursor() as cursor:
        # A rule that holds for some rows only is an index and no constraint.
        cursor.execute(
            "SELECT relname, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
            " UNION SELECT relname, attname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
            " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'"
            " UNION SELECT relname, indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid"
            " WHERE indisunique AND indisvalid"
        )
        return not wanted <= set(cursor.fetchall())
