"""The traces of their writing that a table's rows keep: which were written together, and in which order.

Tables that grow at the desk are registered here, each in the last lines of the module of its model. They are written
anew when a desk closes, with the tables they point at: PostgreSQL locks a row that another points at, and remembers by
which transaction. Every night all tables are written anew.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from django.apps import apps
from django.db import models

from volunteers.shared.registries import table_rewrite
from volunteers.shared.registries.table_rewrite import TableRewrite, forget_counters, rewrite_tables

LIST = "a list or setting that coordinators keep: nothing at the desk adds to it"
BOOKS = "written by somebody with an account, and its rows say on which day"
BIG = 10_000
"""The number of rows above which a table that nobody touched is left alone at night."""

_REWRITTEN: dict[type[models.Model], TableRewrite] = {}
_LOCKING: list[type[models.Model]] = []
_LEFT: dict[type[models.Model] | str, str] = {}
_LEFT_AT_NIGHT: set[type[models.Model] | str] = set()


def rewrite(model: type[models.Model], column: str = "", index: str = "", *, locks: bool = True) -> None:
    """Register a table that is rewritten in key order: by its primary key, or by an index that begins with a column.

    It `locks` rows of the tables it points at, whenever a visitor adds to it.
    """
    _REWRITTEN[model] = _make_rewrite(model, column, index)
    if locks:
        _LOCKING.append(model)


def leave(*of: type[models.Model] | str, because: str, at_night: bool = True) -> None:
    """Register models, or a whole app, whose order of rows tells nothing that a dump must not tell.

    They are written anew at night all the same, for what system columns tell: only not those whose rows say the time
    anyway, and those that nobody writes.
    """
    _LEFT.update(dict.fromkeys(of, because))
    if not at_night:
        _LEFT_AT_NIGHT.update(of)


def find_registered() -> list[TableRewrite]:
    """Find the tables that are registered."""
    return [*_REWRITTEN.values()]


def find_desk_tables() -> list[TableRewrite]:
    """Find the tables that what a visitor does may write or lock: those registered, and those they point at."""
    return [*_REWRITTEN.values(), *_find_targets().values()]


def rewrite_desk_tables(left: Container[str] = ()) -> set[str]:
    """Forget what the tables of the desk know of an evening; returns those in which that is not done.

    Harmless at any time, an open desk included: it waits for nobody. `left` names those that were not done before.
    """
    return _rewrite_desk([table for table in _find_targets().values() if table.table in left or not table.is_clean()])


def rewrite_every_table(left: Container[str] = ()) -> set[str]:
    """Forget the same of every table, for those that promise no more than a month or a day; at night."""
    at_the_desk = _REWRITTEN | _find_targets()
    others = [
        _make_rewrite(model)
        for model in _list_models()
        if model not in at_the_desk and not _is_among(model, _LEFT_AT_NIGHT)
    ]
    undone = [
        rewrite_tables([table])
        for table in others
        if table.table in left or not (table.is_big(BIG) and table.is_clean())
    ]
    # Their counters are forgotten, by which PostgreSQL would know that it is time.
    table_rewrite.analyze(_find_targets().values())
    return set().union(_rewrite_desk(_find_targets().values()), *undone)


def rewrite_unclean_tables() -> set[str]:
    """Write those tables of the desk anew that were written to since; returns those in which that is not done."""
    tables = find_desk_tables()
    undone = rewrite_tables([table for table in tables if not table.is_clean()])
    forget_counters(tables)
    return undone


def keep_no_samples(**_sent: object) -> None:
    """Let PostgreSQL keep no sample of what the desk writes; once tables are laid out or changed."""
    table_rewrite.keep_no_samples(_REWRITTEN.values())


def knows(model: type[models.Model]) -> bool:
    """Whether the row order of this table is declared."""
    return model in _REWRITTEN or _is_among(model, _LEFT)


def _rewrite_desk(targets: Iterable[TableRewrite]) -> set[str]:
    undone = rewrite_tables([*_REWRITTEN.values(), *targets])
    forget_counters(find_desk_tables())
    return undone


def _list_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:  # noqa: SLF001 -- the same
            yield model


def _find_targets() -> dict[type[models.Model], TableRewrite]:
    fields = (field for model in _LOCKING for field in model._meta.concrete_fields)  # noqa: SLF001 -- the same
    targets = {field.related_model for field in fields if isinstance(field.related_model, type)}
    return {model: _make_rewrite(model) for model in _list_models() if model in targets and model not in _REWRITTEN}


def _make_rewrite(model: type[models.Model], column: str = "", index: str = "") -> TableRewrite:
    about = model._meta  # noqa: SLF001 -- the same
    return TableRewrite(about.db_table, column or str(about.pk.column), index)


def _is_among(model: type[models.Model], known: Container[type[models.Model] | str]) -> bool:
    return any(each in known for each in (model._meta.app_label, *model.__mro__))  # noqa: SLF001 -- the same
