"""Every column that points at a person is registered: with what is told of it, and what merging does.

Whether the rules of `signup_merging` and the others lose nothing is tried where the hub merges.
"""

from collections import Counter

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from volunteers.models import User
from volunteers.shared.registries.merging import Join
from volunteers.shared.registries.personal_data import Merge, find_personal_data

ENTRIES = [*find_personal_data()]


def pointers(*, kept=False):
    """Every column of any model that points at a person, by name; or those that the database itself keeps pointing."""
    return {
        f"{model._meta.label}.{field.name}": field  # noqa: SLF001 -- Django's own public name for it
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields  # noqa: SLF001 -- the same
        if field.remote_field and field.remote_field.model is User
        if not kept or (field.db_constraint and model._meta.managed and not model._meta.proxy)  # noqa: SLF001 -- the same
    }


def test_every_personal_column_is_registered_once():
    registered = Counter(name for entry in ENTRIES for name in entry.names)
    assert registered == dict.fromkeys(pointers(), 1)


def test_merging_moves_only_constrained_columns():
    """History points at people without a constraint, and is erased with the record it is about."""
    erased = {name for entry in ENTRIES if entry.merge == Merge.ERASE for name in entry.names}
    assert {*pointers()} - {*pointers(kept=True)} == erased


def limits(model, column):
    """The rules of the database that let a person have only one row for something, as the columns beside theirs."""
    meta = model._meta  # noqa: SLF001 -- the same
    sets = [{column}] if meta.get_field(column).unique else []
    sets += [{*columns} for columns in meta.unique_together]
    for rule in meta.constraints:
        if isinstance(rule, models.UniqueConstraint):
            written = [each for shape in rule.expressions for each in shape.flatten()]
            sets.append({*rule.fields, *(each.name for each in written if isinstance(each, models.F))})
        elif isinstance(rule, ExclusionConstraint):
            sets.append({name for name, _operator in rule.expressions})
    return [columns - {column} for columns in sets if column in columns]


def test_merging_has_rule_for_each_limit():
    """Without a rule, merging two records would meet the limit, and one of two rows would be lost without a word."""
    bare = {
        f"{entry.label}.{column}"
        for entry in ENTRIES
        for column in entry.columns
        if limits(entry.model, column) and entry.merge in (Merge.MOVE, Merge.BLANK)
    }
    assert bare == set()


def test_merging_rules_name_what_is_limited():
    rules = [entry for entry in ENTRIES if isinstance(entry.merge, Join)]
    assert len(rules) >= 13
    for entry in rules:
        (column,) = entry.columns
        limited = limits(entry.model, column)
        assert set(entry.merge.columns) == set().union(*(each - {"during"} for each in limited)), entry.label
        assert str(entry.merge.name)
        assert str(entry.merge.becomes)


def test_erasing_deletes_or_blanks_every_row():
    """A pointer that protects its person would make erasing them impossible."""
    assert {field.remote_field.on_delete for field in pointers(kept=True).values()} == {models.CASCADE, models.SET_NULL}


def test_deeds_are_blanked_and_the_rest_deleted():
    kept = [entry for entry in ENTRIES if entry.merge != Merge.ERASE]
    assert {entry.part for entry in kept if any(map(entry.is_blanked, entry.columns))} == {"deeds"}
