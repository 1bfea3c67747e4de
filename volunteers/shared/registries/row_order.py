"""The order of rows in a table's file, which a dump shows: rewritten by key, so that it does not tell what came when.

Tables that grow at the desk are registered here, each in the last lines of the module of its model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, connection, models, transaction

LOCK_TIMEOUT = "200ms"
LIST = "a list or setting that coordinators keep: nothing at the desk adds to it"
BOOKS = "written by somebody with an account, and its rows say on which day"


@dataclass(frozen=True)
class RowOrder:
    """A table that is rewritten in the order of these columns, which `index` is on."""

    model: type[models.Model]
    columns: tuple[str, ...]
    index: str

    def rewrite(self) -> bool:
        """Write the table anew in the order of its key; returns whether it is in order now.

        PostgreSQL puts a new or changed row where there is room, and a dump reads a table from its beginning: what
        changed last stands last. It waits for nobody: while somebody works in the table, next time will do.
        """
        table, order = self.model._meta.db_table, ", ".join(self.columns)  # noqa: SLF001 -- Django's own public name for it
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT EXISTS (SELECT FROM (SELECT ROW({order}) < lag(ROW({order})) OVER (ORDER BY ctid) AS back"  # noqa: S608 -- names of our own
                    f" FROM {table}) AS rows WHERE back)"
                )
                if cursor.fetchone()[0]:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
                    cursor.execute(f"CLUSTER {table} USING {self.index}")
        except DatabaseError:
            return False
        return True


_REWRITTEN: list[RowOrder] = []
_LEFT: dict[type[models.Model] | str, str] = {}
_BUSY: list[Callable[[], bool]] = []


def rewrite(model: type[models.Model], *columns: str, index: str = "") -> None:
    """Register a table that is rewritten in key order: by its primary key, or by the columns of this index."""
    about = model._meta  # noqa: SLF001 -- the same
    _REWRITTEN.append(RowOrder(model, columns or (about.pk.attname,), index or f"{about.db_table}_pkey"))


def leave(*of: type[models.Model] | str, because: str) -> None:
    """Register models, or a whole app, whose order of rows tells nothing that a dump must not tell."""
    _LEFT.update(dict.fromkeys(of, because))


def wait_while(busy: Callable[[], bool]) -> None:
    """Register when nothing is rewritten: while a desk is open, say."""
    _BUSY.append(busy)


def rewrite_in_key_order() -> bool:
    """Forget which rows were written last, once no desk is open; returns whether every table is in order.

    Harmless at any time: it waits for nobody, and what is in order already is left alone.
    """
    if any(busy() for busy in _BUSY):
        return False
    done = [entry.rewrite() for entry in _REWRITTEN]
    return all(done)


def knows(model: type[models.Model]) -> bool:
    """Whether the row order of this table is declared."""
    return any(model == entry.model for entry in _REWRITTEN) or any(
        each in _LEFT
        for each in (model._meta.app_label, *model.__mro__)  # noqa: SLF001 -- the same
    )
